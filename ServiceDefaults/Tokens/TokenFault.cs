using Microsoft.IdentityModel.Tokens;

namespace SecureShop.ServiceDefaults.Tokens;

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
