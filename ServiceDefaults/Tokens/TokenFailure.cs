using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>The identity service's keys were never received: no token can be judged, so none is accepted.</summary>
internal sealed class KeysUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Remembers on the request that its token could not be judged, which is the server's fault and not the caller's.</summary>
internal static class TokenFailure
{
    public static Task RememberAsync(AuthenticationFailedContext context)
    {
        if (IsWantOfKeys(context.Exception))
            context.HttpContext.Items[typeof(KeysUnavailableException)] = true;
        return Task.CompletedTask;
    }

    public static bool KeysAreMissing(HttpContext context) => context.Items.ContainsKey(typeof(KeysUnavailableException));

    // The bearer handler wraps what a token handler throws.
    private static bool IsWantOfKeys(Exception? failure) => failure switch
    {
        null => false,
        KeysUnavailableException => true,
        AggregateException several => several.InnerExceptions.Any(IsWantOfKeys),
        _ => IsWantOfKeys(failure.InnerException),
    };
}
