using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Keys;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Publishes the keys that verify our tokens (RFC 7517).</summary>
internal sealed class KeysEndpoint(KeyManager keys, IdentityServerOptions options) : IProtocolEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        var ring = await keys.GetAsync();
        context.Response.ContentType = "application/jwk-set+json";
        DiscoveryEndpoint.AllowStoring(context.Response, options.Discovery);
        await context.Response.Body.WriteAsync(ring.Document, context.RequestAborted);
    }
}
