using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>Names of a request that no caller can word.</summary>
internal static class RequestNames
{
    /// <summary>What the conventions write for a method that HTTP does not know.</summary>
    public const string OtherMethod = "_OTHER";

    /// <summary>The pattern of the route that was matched, or null.</summary>
    public static string? Route(HttpContext context)
    {
        // The exception handler has taken the endpoint off the context.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if (endpoint is not RouteEndpoint { RoutePattern.RawText: { } pattern })
            return null;
        return pattern.StartsWith('/') ? pattern : "/" + pattern;
    }

    /// <summary>The method, or <see cref="OtherMethod"/>.</summary>
    public static string Method(HttpContext context)
    {
        var method = context.Request.Method;
        return HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method)
            || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPatch(method) || HttpMethods.IsTrace(method)
            || HttpMethods.IsConnect(method)
                ? HttpMethods.GetCanonicalizedValue(method)
                : OtherMethod;
    }
}
