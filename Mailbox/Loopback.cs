using System.Net;

namespace SecureShop.Mailbox;

internal static class Loopback
{
    /// <summary>
    /// Serves this machine, by its own names. The second stops DNS rebinding: a page in the developer's browser has its host name
    /// resolve to 127.0.0.1, and reads the mail as its own origin.
    /// </summary>
    public static void UseLoopbackOnly(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from) && context.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]")
            return next(context);
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    });
}
