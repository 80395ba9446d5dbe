using System.Buffers;
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

    // What our own paths are made of. The path is decoded by now, so a '%' is an encoded slash or a second encoding, and
    // those, "//" and '\' are how one path is made to look like another to the next hop.
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-_.~");

    public static void UseRequestShape(this WebApplication app) => app.Use((context, next) =>
    {
        if (Fault(context.Request) is not { } status)
            return next(context);
        context.Response.StatusCode = status;
        SecurityLog.Of(context).DoorRefused(RefusalReason.RequestShape);
        return Task.CompletedTask;
    });

    private static int? Fault(HttpRequest request)
    {
        if (!Methods.Contains(request.Method))
            return StatusCodes.Status405MethodNotAllowed;
        if (request.Path.Value!.Length + request.QueryString.Value!.Length > MaxUrl)
            return StatusCodes.Status414UriTooLong;
        if (request.Headers.Count > MaxHeaders)
            return StatusCodes.Status431RequestHeaderFieldsTooLarge;
        if (request.ContentLength > RouteTable.All.Max(route => route.MaxBody))
            return StatusCodes.Status413PayloadTooLarge;
        return IsPlain(request.Path.Value) ? null : StatusCodes.Status400BadRequest;
    }

    private static bool IsPlain(string path)
        => !path.AsSpan().ContainsAnyExcept(PathCharacters) && !path.Contains("//", StringComparison.Ordinal);
}
