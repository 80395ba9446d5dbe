using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>Validates a token with exactly the issuer key that it names.</summary>
internal sealed class AccessTokenHandler : JsonWebTokenHandler
{
    private const int MaxTokenLength = 8 * 1024;

    private readonly IssuerKeys keys;
    private readonly TimeProvider clock;
    private readonly KnownRevocations? revocations;
    private readonly VerifiedTokens verified = new();

    public AccessTokenHandler(IssuerKeys keys, TimeProvider clock, KnownRevocations? revocations = null)
    {
        (this.keys, this.clock, this.revocations) = (keys, clock, revocations);
        MapInboundClaims = false;

        // Parsing and hashing cost time: bounded before anything is decoded.
        MaximumTokenSizeInBytes = MaxTokenLength;
    }

    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var started = clock.GetTimestamp();
        if (token.Length > MaxTokenLength || verified.Find(TokenName.Of(token, validationParameters.ValidAudience)) is not { } known || !IsStillGood(known))
            return JudgeAsync(token, validationParameters, started);
        ShopMetrics.TokenChecked("accepted", clock.GetElapsedTime(started));
        return known.Result;
    }

    // What cannot change was checked when it was remembered; this can. Where it has, the whole check finds the right word for it.
    private bool IsStillGood(VerifiedToken token)
        => AccessTokenRules.IsCurrent(from: null, token.Until, clock.GetUtcNow().UtcDateTime)
            && ReferenceEquals(keys.FindKnown(token.Key.KeyId), token.Key) && revocations?.End(token.Facts) != true;

    private async Task<TokenValidationResult> JudgeAsync(string token, TokenValidationParameters validationParameters, long started)
    {
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
        var result = await base.ValidateTokenAsync(parsed, parameters);
        if (!result.IsValid)
            return result;
        var facts = TokenFacts.Of(parsed);
        if (revocations?.End(facts) == true)
            return Refused(RefusalReason.TokenRevoked, "The token was revoked.");
        result.ClaimsIdentity = new SharedIdentity(result.ClaimsIdentity);
        verified.Add(TokenName.Of(token, parameters.ValidAudience), new(Task.FromResult(result), key, facts, parsed.ValidTo));
        return result;
    }

    private static TokenValidationResult Refused(string reason, string message)
        => new() { IsValid = false, Exception = new TokenFault(reason, message) };
}

/// <summary>The identity service's keys were never received: no token can be judged, so none is accepted.</summary>
internal sealed class KeysUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Remembers on the request why its token was refused, for the security event and not for the caller; or that it could not be
/// judged, which is the server's fault.
/// </summary>
internal static class TokenFailure
{
    public static Task RememberAsync(AuthenticationFailedContext context)
    {
        if (IsWantOfKeys(context.Exception))
            RememberUnjudged(context.HttpContext);
        context.HttpContext.Items[typeof(TokenFault)] = TokenFault.ReasonOf(context.Exception);
        return Task.CompletedTask;
    }

    /// <summary>The same of a proof that does not fit.</summary>
    public static void Remember(HttpContext context, string reason, DpopCheck proof)
        => (context.Items[typeof(TokenFault)], context.Items[typeof(DpopCheck)]) = (reason, proof);

    /// <summary>What was wrong with the proof, if that is why.</summary>
    public static DpopCheck? ProofOf(HttpContext context) => context.Items[typeof(DpopCheck)] as DpopCheck;

    /// <summary>Remembers that nobody can say whether the credential is good: a want of the server's.</summary>
    public static void RememberUnjudged(HttpContext context) => context.Items[typeof(KeysUnavailableException)] = true;

    public static bool IsUnjudged(HttpContext context) => context.Items.ContainsKey(typeof(KeysUnavailableException));

    /// <summary>The failed check; a credential that was not even taken for a token has another shape.</summary>
    public static string ReasonOf(HttpContext context) => context.Items[typeof(TokenFault)] as string ?? RefusalReason.TokenShape;

    // The bearer handler wraps what a token handler throws.
    private static bool IsWantOfKeys(Exception? failure) => failure switch
    {
        null => false,
        KeysUnavailableException => true,
        AggregateException several => several.InnerExceptions.Any(IsWantOfKeys),
        _ => IsWantOfKeys(failure.InnerException),
    };
}

/// <summary>A token that fails one of our own checks.</summary>
internal sealed class TokenFault(string reason, string message) : SecurityTokenValidationException(message)
{
    private string Reason { get; } = reason;

    /// <summary>Which check failed, in the words of security events. The message is not used: it may repeat what the token says.</summary>
    public static string ReasonOf(Exception? failure) => failure switch
    {
        TokenFault fault => fault.Reason,
        SecurityTokenSignatureKeyNotFoundException => RefusalReason.TokenKey,
        SecurityTokenInvalidSigningKeyException => RefusalReason.TokenKey,
        SecurityTokenInvalidAlgorithmException => RefusalReason.TokenAlgorithm,
        SecurityTokenInvalidSignatureException => RefusalReason.TokenSignature,
        SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException
            or SecurityTokenInvalidLifetimeException => RefusalReason.TokenLifetime,
        SecurityTokenInvalidIssuerException => RefusalReason.TokenIssuer,
        SecurityTokenInvalidAudienceException => RefusalReason.TokenAudience,
        SecurityTokenInvalidTypeException => RefusalReason.TokenType,
        SecurityTokenMalformedException => RefusalReason.TokenShape,
        AggregateException { InnerExceptions: [var only] } => ReasonOf(only),
        _ => RefusalReason.TokenOther,
    };
}
