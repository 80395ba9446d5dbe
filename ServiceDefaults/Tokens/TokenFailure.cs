using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>The identity service's keys were never received: no token can be judged, so none is accepted.</summary>
internal sealed class KeysUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

internal static class TokenFailure
{
    /// <summary>Whether the token could not be judged for want of keys, which is the server's fault and not the caller's.</summary>
    public static bool KeysAreMissing(HttpContext context)
    {
        var failure = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Failure;
        return failure is KeysUnavailableException
            || (failure is AggregateException several && several.InnerExceptions.Any(one => one is KeysUnavailableException));
    }
}
