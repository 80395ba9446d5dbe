using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Services;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Cross-origin calls: exact origins that clients registered, never with cookies.</summary>
internal static class BrowserCalls
{
    /// <summary>Adds the permission, if there is one; true if this was only the browser's question.</summary>
    public static async Task<bool> AnswerAsync(HttpContext context, ProtocolRoute route, CorsOptions options)
    {
        var headers = context.Response.Headers;
        headers.Append("Vary", "Origin");
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return false;

        var policy = context.RequestServices.GetService<ICorsPolicyService>();
        var allowed = origin != "null" && policy is not null && await policy.IsOriginAllowedAsync(origin);
        if (allowed)
            headers.AccessControlAllowOrigin = origin;

        if (!HttpMethods.IsOptions(context.Request.Method) || !context.Request.Headers.ContainsKey("Access-Control-Request-Method"))
            return false;
        if (allowed)
        {
            headers.AccessControlAllowMethods = string.Join(", ", route.Methods);
            headers.AccessControlAllowHeaders = "authorization, content-type";
            if (options.PreflightCacheDuration is { } duration)
                headers.AccessControlMaxAge = ((int)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
