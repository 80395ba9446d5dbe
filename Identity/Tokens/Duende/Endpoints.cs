using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// IdentityServer answers its paths itself, ahead of routing's end. They are named here so that each has its access rule like any other
/// endpoint, and so that what is not named stays behind the deny-all fallback, whatever the product would offer.
/// </summary>
internal static class Endpoints
{
    private static readonly AccessRule PublicFacts = AccessRule.Anyone("Public facts about the issuer: its addresses and its public keys.");
    private static readonly AccessRule ProvesClient = AccessRule.Anyone("The token server checks the client's proof and the grant itself.");
    private static readonly AccessRule ProvesToken = AccessRule.Anyone("The token server checks the access token itself.");
    private static readonly AccessRule AsksForSession = AccessRule.Anyone("Asks for sign-in itself, after it has checked client and redirect address.");

    public static void MapEndpoints(IEndpointRouteBuilder routes)
    {
        Map(routes, Paths.Configuration, PublicFacts, HttpMethods.Get);
        Map(routes, Paths.OAuthMetadata, PublicFacts, HttpMethods.Get);
        Map(routes, Paths.Keys, PublicFacts, HttpMethods.Get);
        Map(routes, Paths.Push, ProvesClient, HttpMethods.Post);
        Map(routes, Paths.Device, ProvesClient, HttpMethods.Post);
        Map(routes, Paths.Token, ProvesClient, HttpMethods.Post);
        Map(routes, Paths.Introspect, ProvesClient, HttpMethods.Post);
        Map(routes, Paths.Revoke, ProvesClient, HttpMethods.Post);
        Map(routes, Paths.UserInfo, ProvesToken, HttpMethods.Get, HttpMethods.Post);
        Map(routes, Paths.Authorize, AsksForSession, HttpMethods.Get, HttpMethods.Post);
        Map(routes, Paths.Authorize + "/callback", AsksForSession, HttpMethods.Get);
        Map(routes, Paths.EndSession, AsksForSession, HttpMethods.Get, HttpMethods.Post);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, AccessRule rule, params string[] methods)
        => routes.MapMethods(path, methods, () => TypedResults.NotFound()).RequireAccess(rule).AllowAnyQuery().ExcludeFromDescription();
}
