using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>Validates a token with exactly the issuer key that it names.</summary>
internal sealed class AccessTokenHandler : JsonWebTokenHandler
{
    private const int MaxTokenLength = 8 * 1024;

    private readonly IssuerKeys keys;

    public AccessTokenHandler(IssuerKeys keys)
    {
        this.keys = keys;
        MapInboundClaims = false;

        // Parsing and hashing cost time: bounded before anything is decoded.
        MaximumTokenSizeInBytes = MaxTokenLength;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        // Three parts: an encrypted token (five) is none of ours.
        if (token.Length > MaxTokenLength || token.AsSpan().Count('.') != 2)
            return Refused("The token has another shape.");

        JsonWebToken parsed;
        try
        {
            parsed = ReadJsonWebToken(token);
        }
        catch (ArgumentException)
        {
            return Refused("The token cannot be read.");
        }

        // "crit" names extensions that must be understood (RFC 7515, 4.1.11), and we understand none.
        if (parsed.Alg != SecurityAlgorithms.EcdsaSha256 || parsed.TryGetHeaderValue<object>("crit", out _))
            return Refused("The token's header is not accepted.");

        // The key comes from the issuer by its id. Keys or addresses inside the token (jwk, jku, x5c, x5u) are never used.
        if (await keys.FindAsync(parsed.Kid, CancellationToken.None) is not { } key)
            return Refused("The token's key is unknown.");

        var parameters = validationParameters.Clone();
        parameters.IssuerSigningKey = key;
        return await base.ValidateTokenAsync(token, parameters);
    }

    private static TokenValidationResult Refused(string reason)
        => new() { IsValid = false, Exception = new SecurityTokenValidationException(reason) };
}
