using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.StandIns.IdentityServer.Keys;

namespace SecureShop.StandIns.IdentityServer.Tokens;

/// <summary>Reads back tokens that this server made.</summary>
internal sealed class TokenReader(KeyManager keys, IdentityServerOptions options, TimeProvider clock)
{
    public const string AccessTokenType = "at+jwt";
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>An access token that is good now, or null.</summary>
    public Task<JsonWebToken?> ReadAccessTokenAsync(string token) => ReadAsync(token, AccessTokenType, mustBeCurrent: true);

    /// <summary>An identity token, which as a hint may have expired, or null.</summary>
    public Task<JsonWebToken?> ReadIdentityTokenHintAsync(string token) => ReadAsync(token, JwtConstants.HeaderType, mustBeCurrent: false);

    private async Task<JsonWebToken?> ReadAsync(string token, string type, bool mustBeCurrent)
    {
        if (token.Length > InputLimits.Jwt)
            return null;

        var ring = await keys.GetAsync();
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.IssuerUri,
            ValidAlgorithms = [SigningKey.Algorithm],

            // An identity token is not an access token, nor the other way round.
            ValidTypes = [type],
            IssuerSigningKeys = ring.VerificationKeys,

            // We are no audience of our own tokens: they name an API or a client, which the caller looks up.
            AudienceValidator = (audiences, _, _) => audiences.All(audience => audience.Length > 0),
            LifetimeValidator = (notBefore, expires, _, _) =>
                !mustBeCurrent || (expires > clock.GetUtcNow().UtcDateTime && !(notBefore > clock.GetUtcNow().UtcDateTime)),
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }
}
