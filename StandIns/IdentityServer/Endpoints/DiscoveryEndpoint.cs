namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Answers with the discovery document.</summary>
internal sealed class DiscoveryEndpoint(DiscoveryDocument document) : IProtocolEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(document.Written, context.RequestAborted);
    }
}
