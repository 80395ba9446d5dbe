using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// The addresses of the protocol, each with its access rule. Behind all of them is IdentityServer, which finds out by the address what is
/// asked of it; what is not named here never gets there, whatever the product would offer.
/// </summary>
internal static class Endpoints
{
    private static readonly AccessRule PublicFacts = AccessRule.Anyone("Public facts about the issuer: its addresses and its public keys.");
    private static readonly AccessRule ProvesClient = AccessRule.Anyone("The token server checks the client's proof and the grant itself.");
    private static readonly AccessRule ProvesToken = AccessRule.Anyone("The token server checks the access token itself.");
    private static readonly AccessRule AsksForSession = AccessRule.Anyone("Asks for sign-in itself, after it has checked client and redirect address.");

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

        Add(Paths.Configuration, PublicFacts, HttpMethods.Get);
        Add(Paths.OAuthMetadata, PublicFacts, HttpMethods.Get);
        Add(Paths.Keys, PublicFacts, HttpMethods.Get);
        Add(Paths.Push, ProvesClient, HttpMethods.Post);
        Add(Paths.Device, ProvesClient, HttpMethods.Post);
        Add(Paths.Token, ProvesClient, HttpMethods.Post);
        Add(Paths.Introspect, ProvesClient, HttpMethods.Post);
        Add(Paths.Revoke, ProvesClient, HttpMethods.Post);
        Add(Paths.UserInfo, ProvesToken, HttpMethods.Get, HttpMethods.Post);
        Add(Paths.Authorize, AsksForSession, HttpMethods.Get, HttpMethods.Post);
        Add(Paths.EndSession, AsksForSession, HttpMethods.Get, HttpMethods.Post);

        void Add(string path, AccessRule rule, params string[] methods)
            => routes.MapMethods(path, methods, answer).RequireAccess(rule).AllowAnyQuery().ExcludeFromDescription();
    }
}
