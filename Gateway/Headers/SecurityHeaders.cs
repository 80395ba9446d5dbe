using SecureShop.Gateway.Routes;

namespace SecureShop.Gateway.Headers;

/// <summary>What every answer tells browsers, ours and the services' alike.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            Add(context);
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>Adds them now.</summary>
    public static void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        headers.XContentTypeOptions = "nosniff";
        headers.Remove("Server");

        // The identity server's pages have policies of their own, with nonces.
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("X-Frame-Options", "DENY");
        headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
        headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
        headers.TryAdd("Permissions-Policy", "camera=(), geolocation=(), microphone=()");

        // An answer made for one caller must not be kept for another.
        if (context.GetEndpoint()?.Metadata.GetMetadata<GatewayRoute>()?.Origin == Origin.Shop && context.Request.Headers.Authorization.Count > 0)
            headers.CacheControl = "no-store";
    }
}
