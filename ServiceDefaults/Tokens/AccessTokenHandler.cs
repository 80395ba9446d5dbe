using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>Validates a token with exactly the issuer key that it names.</summary>
internal sealed class AccessTokenHandler : JsonWebTokenHandler
{
    private const int MaxTokenLength = 8 * 1024;

    private readonly IssuerKeys keys;
    private readonly TimeProvider clock;

    public AccessTokenHandler(IssuerKeys keys, TimeProvider clock)
    {
        (this.keys, this.clock) = (keys, clock);
        MapInboundClaims = false;

        // Parsing and hashing cost time: bounded before anything is decoded.
        MaximumTokenSizeInBytes = MaxTokenLength;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var started = clock.GetTimestamp();
        var result = await CheckAsync(token, validationParameters);
        ShopMetrics.TokenChecked(result.IsValid ? "accepted" : TokenFault.ReasonOf(result.Exception), clock.GetElapsedTime(started));
        return result;
    }

    private async Task<TokenValidationResult> CheckAsync(string token, TokenValidationParameters validationParameters)
    {
        // Three parts: an encrypted token (five) is none of ours.
        if (token.Length > MaxTokenLength || token.AsSpan().Count('.') != 2)
            return Refused(RefusalReason.TokenShape, "The token has another shape.");

        JsonWebToken parsed;
        try
        {
            parsed = ReadJsonWebToken(token);
        }
        catch (ArgumentException)
        {
            return Refused(RefusalReason.TokenShape, "The token cannot be read.");
        }

        if (parsed.Alg != SecurityAlgorithms.EcdsaSha256)
            return Refused(RefusalReason.TokenAlgorithm, "The token's algorithm is not accepted.");

        // "crit" names extensions that must be understood (RFC 7515, 4.1.11), and we understand none.
        if (parsed.TryGetHeaderValue<object>("crit", out _))
            return Refused(RefusalReason.TokenShape, "The token's header is not accepted.");

        // The key comes from the issuer by its id. Keys or addresses inside the token (jwk, jku, x5c, x5u) are never used.
        if (await keys.FindAsync(parsed.Kid) is not { } key)
            return Refused(RefusalReason.TokenKey, "The token's key is unknown.");

        var parameters = validationParameters.Clone();
        parameters.IssuerSigningKey = key;
        return await base.ValidateTokenAsync(parsed, parameters);
    }

    private static TokenValidationResult Refused(string reason, string message)
        => new() { IsValid = false, Exception = new TokenFault(reason, message) };
}
