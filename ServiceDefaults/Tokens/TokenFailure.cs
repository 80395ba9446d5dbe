using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Tokens;

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
            context.HttpContext.Items[typeof(KeysUnavailableException)] = true;
        context.HttpContext.Items[typeof(TokenFault)] = TokenFault.ReasonOf(context.Exception);
        return Task.CompletedTask;
    }

    public static bool KeysAreMissing(HttpContext context) => context.Items.ContainsKey(typeof(KeysUnavailableException));

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
