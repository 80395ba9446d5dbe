using System.Buffers;
using Microsoft.Net.Http.Headers;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Gateway.Doors;

/// <summary>Refuses what no honest caller sends, before anything reads it, and what a service could not be sent.</summary>
internal static class RequestShape
{
    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Readers differ about all others: one decodes them, one replaces them, and what one makes of them may be a line break to the next.
    private static readonly SearchValues<char> ValueCharacters = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code), '\t']);

    private static readonly long MaxBody = RouteTable.All.Max(route => route.MaxBody);

    public static void UseRequestShape(this WebApplication app) => app.Use((context, next) =>
    {
        // No route changes the protocol, and an offer to do so may be passed over (RFC 9110, section 7.8). The proxy would take it up.
        context.Request.Headers.Remove(HeaderNames.Upgrade);

        if (Fault(context.Request) is not { } status)
            return Methods.Contains(context.Request.Method) ? next(context) : RefuseMethodAsync(context, next);
        context.Response.StatusCode = status;
        SecurityLog.Of(context).DoorRefused(GatewayRefusal.RequestShape);
        return Task.CompletedTask;
    });

    /// <summary>No route has it: the router refuses it, and says which ones there are.</summary>
    private static async Task RefuseMethodAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!RefusalEvent.IsRecorded(context))
            SecurityLog.Of(context).DoorRefused(GatewayRefusal.RequestShape);
    }

    private static int? Fault(HttpRequest request)
    {
        // Methods are written in capitals (RFC 9110, section 9.1). The router would take "head" for HEAD, and the server would not:
        // it would wait for the body.
        if (!Methods.Contains(request.Method) && Methods.Contains(request.Method.ToUpperInvariant()))
            return StatusCodes.Status400BadRequest;
        if (request.Path.Value!.Length + request.QueryString.Value!.Length > RequestLimits.Url)
            return StatusCodes.Status414UriTooLong;
        if (request.ContentLength > MaxBody)
            return StatusCodes.Status413PayloadTooLarge;

        // Decoded by now: a '%' that is left is an encoded slash or a second encoding.
        return PlainPath.IsPlain(request.Path.Value) ? HeaderFault(request.Headers) : StatusCodes.Status400BadRequest;
    }

    private static int? HeaderFault(IHeaderDictionary headers)
    {
        var (count, size) = (0, 0);
        foreach (var (name, values) in headers)
        {
            if (name.AsSpan().ContainsAnyExcept(NameCharacters))
                return StatusCodes.Status400BadRequest;
            foreach (var value in values)
            {
                count++;
                size += name.Length + value!.Length;
                if (value.AsSpan().ContainsAnyExcept(ValueCharacters))
                    return StatusCodes.Status400BadRequest;
            }
        }

        return count > RequestLimits.HeaderCount || size > RequestLimits.HeaderSize ? StatusCodes.Status431RequestHeaderFieldsTooLarge : null;
    }
}
