using SecureShop.StandIns.IdentityServer.Keys;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Publishes the keys that verify our tokens (RFC 7517).</summary>
internal sealed class KeysEndpoint(KeyManager keys) : IProtocolEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        var ring = await keys.GetAsync();
        context.Response.ContentType = "application/jwk-set+json";
        await context.Response.Body.WriteAsync(ring.Document, context.RequestAborted);
    }
}
