using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Identity.Tokens;

internal static class UserInfoEvents
{
    /// <summary>The token server checks tokens at its userinfo endpoint itself, and raises no event when one is refused.</summary>
    public static void UseUserInfoEvents(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest || !context.Request.Path.StartsWithSegments("/connect/userinfo", StringComparison.OrdinalIgnoreCase))
            return;

        var security = SecurityLog.Of(context);
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status401Unauthorized when context.Response.Headers.WWWAuthenticate.ToString().Contains("invalid_token", StringComparison.Ordinal):
                security.TokenRejected(RefusalReason.TokenOther);
                break;
            case StatusCodes.Status401Unauthorized:
                security.AccessRefused(RefusalReason.NoCredential);
                break;
            case StatusCodes.Status403Forbidden:
                security.AccessRefused(RefusalReason.MissingScope);
                break;
        }
    });
}
