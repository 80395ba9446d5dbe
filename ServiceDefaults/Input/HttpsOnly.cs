using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Input;

internal static class HttpsOnly
{
    /// <summary>
    /// A service answers over https, its own or that of the proxy it trusts; in the clear it answers probes and the like, which are
    /// internal. So an http listener that someone left open serves nothing, and tokens sent to it are noticed.
    /// </summary>
    public static void UseHttpsOnly(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.IsHttps || context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>()?.Kind == AccessKind.Internal)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        SecurityLog.Of(context).AccessRefused(RefusalReason.PlainHttp);
        return Task.CompletedTask;
    });
}
