using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults;

namespace SecureShop.Gateway.Doors;

/// <summary>Refuses what no honest caller sends, before anything reads it.</summary>
internal static class RequestShape
{
    private const int MaxUrl = 4096;
    private const int MaxHeaders = 60;

    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

    public static void UseRequestShape(this WebApplication app) => app.Use(async (context, next) =>
    {
        var fault = Fault(context.Request);
        if (fault is { } status)
            context.Response.StatusCode = status;
        else
            await next(context);

        // No route has another method: the router has refused it, and said which ones there are.
        if (fault is not null || (!Methods.Contains(context.Request.Method) && !SecurityLog.IsSettled(context)))
            SecurityLog.Of(context).DoorRefused(RefusalReason.RequestShape);
    });

    private static int? Fault(HttpRequest request)
    {
        if (request.Path.Value!.Length + request.QueryString.Value!.Length > MaxUrl)
            return StatusCodes.Status414UriTooLong;
        if (request.Headers.Count > MaxHeaders)
            return StatusCodes.Status431RequestHeaderFieldsTooLarge;
        if (request.ContentLength > RouteTable.All.Max(route => route.MaxBody))
            return StatusCodes.Status413PayloadTooLarge;

        // Decoded by now: a '%' that is left is an encoded slash or a second encoding.
        return PlainPath.IsPlain(request.Path.Value) ? null : StatusCodes.Status400BadRequest;
    }
}
