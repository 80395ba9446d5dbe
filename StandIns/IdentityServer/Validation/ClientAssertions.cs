using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using JsonWebKey = Microsoft.IdentityModel.Tokens.JsonWebKey;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>Clients that prove themselves with their own private key (RFC 7523): no secret travels, and each proof works once.</summary>
internal sealed class ClientAssertions(SingleUseLedger ledger, IdentityServerOptions options, TimeProvider clock)
{
    /// <summary>What is signed with a key pair. With HS256 the public key, known to all, would serve as the secret.</summary>
    private static readonly string[] Trusted = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSsaPssSha256];
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };
    private const int LongestJwtId = 200;

    public static IEnumerable<string> AcceptedAlgorithms(IdentityServerOptions options) =>
        options.SupportedClientAssertionSigningAlgorithms.Intersect(Trusted, StringComparer.Ordinal);

    /// <summary>Who the assertion says it is from; believed only after <see cref="IsProofAsync"/>.</summary>
    public static string? ReadClientId(string assertion)
    {
        if (!Handler.CanReadToken(assertion))
            return null;
        try
        {
            return Handler.ReadJsonWebToken(assertion).Subject is { Length: > 0 } subject ? subject : null;
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    public async Task<bool> IsProofAsync(Client client, string assertion)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var keys = client.ClientSecrets
            .Where(secret => secret.Type == IdentityServerConstants.SecretTypes.JsonWebKey && !(secret.Expiration <= now))
            .Select(secret => new JsonWebKey(secret.Value))
            .ToList();
        if (keys.Count == 0)
            return false;

        var result = await Handler.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            IssuerSigningKeys = keys,
            ValidAlgorithms = AcceptedAlgorithms(options),
            RequireSignedTokens = true,
            ValidIssuer = client.ClientId,
            AudienceValidator = (audiences, token, _) => IsForUs([.. audiences], (JsonWebToken)token, options.IssuerUri),
            LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(now, notBefore, expires),
        });
        return result.IsValid && result.SecurityToken is JsonWebToken token && token.Subject == client.ClientId
            && await IsFirstUseAsync(client, token);
    }

    private bool IsCurrent(DateTime now, DateTime? notBefore, DateTime? expires)
    {
        var skew = options.JwtValidationClockSkew;

        // A proof that lives for years is a password.
        return expires is { } end && end > now - skew && end <= now + LongestLife + skew && !(notBefore > now + skew);
    }

    /// <summary>Exactly one audience, and it is us: a server that we share the client with could hand its assertion on to us.</summary>
    private static bool IsForUs(List<string> audiences, JsonWebToken token, string us)
    {
        if (audiences.Count != 1)
            return false;
        if (audiences[0].TrimEnd('/') == us)
            return true;
        var strict = string.Equals(token.Typ, "client-authentication+jwt", StringComparison.OrdinalIgnoreCase);
        return !strict && audiences[0] == $"{us}/{IdentityServerConstants.ProtocolRoutePaths.Token}";
    }

    /// <summary>A proof that was seen before was overheard.</summary>
    private async Task<bool> IsFirstUseAsync(Client client, JsonWebToken token)
    {
        if (string.IsNullOrEmpty(token.Id) || token.Id.Length > LongestJwtId)
            return false;
        var key = Handles.Hash("assertion", client.ClientId + "\n" + token.Id);
        return await ledger.TryUseAsync(new Use(key, string.Empty, client.ClientId, null, token.ValidTo + options.JwtValidationClockSkew));
    }
}
