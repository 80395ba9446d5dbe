namespace SecureShop.Identity.Web;

internal static class PublicHost
{
    /// <summary>
    /// Gives every request the issuer's host. The token server and the framework make addresses of a request's host, and what
    /// arrives here is an internal name, or whatever a caller or its proxy wrote: a link in it could lead a victim elsewhere.
    /// </summary>
    public static void UsePublicHost(this WebApplication app)
    {
        var host = new HostString(new Uri(app.Services.GetRequiredService<IOptions<IssuerOptions>>().Value.Issuer).Authority);
        app.Use((context, next) =>
        {
            context.Request.Host = host;
            return next(context);
        });
    }
}
