namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Leads the protocol's paths to their endpoints; everything else goes on to the host.</summary>
internal sealed class ProtocolMiddleware(RequestDelegate next)
{
    private readonly Dictionary<string, ProtocolRoute> _routes = ProtocolRoute.All.ToDictionary(route => route.Path, StringComparer.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Value is not { } path || !_routes.TryGetValue(path, out var route))
        {
            await next(context);
            return;
        }

        if (!route.Methods.Contains(context.Request.Method, StringComparer.Ordinal))
        {
            context.Response.Headers.Allow = string.Join(", ", route.Methods);
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var endpoint = (IProtocolEndpoint)context.RequestServices.GetRequiredService(route.Endpoint);
        await endpoint.HandleAsync(context);
    }
}
