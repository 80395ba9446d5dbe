using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>
/// Names the server span after the route, never after the path: paths hold identifiers and have no end. And sees to it that no
/// refusal goes without an event.
/// </summary>
internal sealed class RequestSpan(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest && !SecurityLog.IsSettled(context))
                Record(context);
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
                Describe(span, context);
        }
    }

    /// <summary>The last resort: what refuses a request usually says why itself.</summary>
    private static void Record(HttpContext context)
    {
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType
                or StatusCodes.Status431RequestHeaderFieldsTooLarge:
                SecurityLog.Of(context).InputRefused();
                break;
            case StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status421MisdirectedRequest
                or StatusCodes.Status429TooManyRequests:
                SecurityLog.Of(context).AccessRefused(RefusalReason.Other);
                break;
        }
    }

    private static void Describe(Activity span, HttpContext context)
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
