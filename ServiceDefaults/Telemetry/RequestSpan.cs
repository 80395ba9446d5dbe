using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>Names the server span after the route, never after the path: paths hold identifiers and have no end.</summary>
internal static class RequestSpan
{
    /// <summary>Called when the instrumentation has written what it knows, and has the last word.</summary>
    public static void Describe(Activity span, HttpContext context)
    {
        var status = context.Response.StatusCode;
        var route = RequestNames.Route(context);
        if (route is not null)
            span.SetTag("http.route", route);

        // The conventions name an unknown method HTTP.
        var method = RequestNames.Method(context);
        span.DisplayName = $"{(method == RequestNames.OtherMethod ? "HTTP" : method)} {route}".TrimEnd();

        // A path that leads nowhere is the caller's own text: somebody's address, or a token pasted into the wrong place.
        if (route is null || (status == StatusCodes.Status404NotFound && route.Contains("{**", StringComparison.Ordinal)))
            span.SetTag("url.path", null);

        if (status >= StatusCodes.Status500InternalServerError && span.GetTagItem("error.type") is null)
            span.SetTag("error.type", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
