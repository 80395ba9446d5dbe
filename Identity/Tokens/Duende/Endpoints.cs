namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// What answers at the addresses of the protocol. Behind all of them is IdentityServer, which finds out by the address what is
/// asked of it; what the table does not name never gets there, whatever the product would offer.
/// </summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var server = routes.CreateApplicationBuilder();
        var issuer = server.ApplicationServices.GetRequiredService<IOptions<IssuerOptions>>().Value.Issuer;

        // HEAD is answered as GET is; that no body goes out is seen to elsewhere.
        server.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method))
                context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        server.Use(async (context, next) =>
        {
            await next(context);

            // Our pages by their paths: a host name would be the issuer's, wherever the browser is.
            if (context.Response.Headers.Location.ToString() is { } location && location.StartsWith(issuer + "/", StringComparison.Ordinal))
                context.Response.Headers.Location = location[issuer.Length..];
        });
        server.UseUserInfo();
        server.UseIdentityServer();
        var answer = server.Build();

        ProtocolEndpoints.Map(routes, _ => answer);
    }
}
