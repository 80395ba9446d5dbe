using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.StandIns.IdentityServer.Keys;

namespace SecureShop.StandIns.IdentityServer.Tokens;

/// <summary>Makes access tokens (RFC 9068) and identity tokens (OpenID Connect Core 2).</summary>
internal sealed class TokenFactory(KeyManager keys, UserClaims userClaims, IdentityServerOptions options, TimeProvider clock)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<string> CreateAccessTokenAsync(ValidatedRequest request)
    {
        var audiences = request.Scopes.Apis.Select(api => api.Name).ToList();
        var members = Frame(request, request.Client.AccessTokenLifetime);
        if (audiences.Count > 0)
            members[ClaimNames.Audience] = audiences.Count == 1 ? audiences[0] : audiences;
        members[ClaimNames.ClientId] = request.Client.ClientId;
        members[ClaimNames.Scope] = string.Join(' ', request.Scopes.Names);
        members[ClaimNames.JwtId] = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

        return await SignAsync(JwtPayload.Write(members, await userClaims.ForAccessTokenAsync(request)), TokenReader.AccessTokenType);
    }

    public async Task<string> CreateIdentityTokenAsync(ValidatedRequest request, string? nonce, string accessToken)
    {
        var members = Frame(request, request.Client.IdentityTokenLifetime);
        members[ClaimNames.Audience] = request.Client.ClientId;
        if (!string.IsNullOrEmpty(nonce))
            members[ClaimNames.Nonce] = nonce;
        members[ClaimNames.AccessTokenHash] = LeftHalfHash(accessToken);

        return await SignAsync(JwtPayload.Write(members, UserClaims.ForIdentityToken(request)), JwtConstants.HeaderType);
    }

    private Dictionary<string, object> Frame(ValidatedRequest request, int lifetime)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var members = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [ClaimNames.Issuer] = options.IssuerUri,
            [ClaimNames.NotBefore] = now,
            [ClaimNames.IssuedAt] = now,
            [ClaimNames.Expires] = now + lifetime,
        };
        if (request.SessionId is { Length: > 0 } sid)
            members[ClaimNames.SessionId] = sid;
        return members;
    }

    private async Task<string> SignAsync(string payload, string type)
    {
        var ring = await keys.GetAsync();
        return Handler.CreateToken(payload, ring.Signer.Credentials, new Dictionary<string, object>(StringComparer.Ordinal) { ["typ"] = type });
    }

    private static string LeftHalfHash(string token) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))[..16]);
}
