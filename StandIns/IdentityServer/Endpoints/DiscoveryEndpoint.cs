using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Services;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Publishes what this server is and can (OpenID Connect Discovery, RFC 8414).</summary>
internal sealed class DiscoveryEndpoint(DiscoveryDocument document, IIssuerNameService issuer, IdentityServerOptions options) : IProtocolEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        var body = await document.GetAsync(await issuer.GetCurrentAsync(), context.RequestServices);
        context.Response.ContentType = "application/json; charset=utf-8";
        AllowStoring(context.Response, options.Discovery);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static void AllowStoring(HttpResponse response, DiscoveryOptions options)
    {
        if (options.ResponseCacheInterval is { } seconds)
            response.Headers.CacheControl = "public, max-age=" + seconds.ToString(CultureInfo.InvariantCulture);
    }
}
