using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Identity.Tokens;

/// <summary>
/// The token server answers its paths itself, ahead of routing's end. They are named here so that each has its access rule like
/// any other endpoint, and so that what is not named stays behind the deny-all fallback, whatever the server would offer.
/// </summary>
internal static class ProtocolEndpoints
{
    private static readonly AccessRule PublicFacts = AccessRule.Anyone("Public facts about the issuer: its addresses and its public keys.");
    private static readonly AccessRule ProvesClient = AccessRule.Anyone("The token server checks the client's proof and the grant itself.");
    private static readonly AccessRule ProvesToken = AccessRule.Anyone("The token server checks the access token itself.");
    private static readonly AccessRule AsksForSession = AccessRule.Anyone("Asks for sign-in itself, after it has checked client and redirect address.");

    public static void MapProtocolEndpoints(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/.well-known/openid-configuration", PublicFacts, HttpMethods.Get);
        Map(routes, "/.well-known/openid-configuration/jwks", PublicFacts, HttpMethods.Get);
        Map(routes, "/connect/authorize", AsksForSession, HttpMethods.Get, HttpMethods.Post);
        Map(routes, "/connect/authorize/callback", AsksForSession, HttpMethods.Get);
        Map(routes, "/connect/token", ProvesClient, HttpMethods.Post);
        Map(routes, "/connect/revocation", ProvesClient, HttpMethods.Post);
        Map(routes, "/connect/userinfo", ProvesToken, HttpMethods.Get, HttpMethods.Post);
        Map(routes, "/connect/endsession", AsksForSession, HttpMethods.Get, HttpMethods.Post);
        Map(routes, "/connect/endsession/callback", AsksForSession, HttpMethods.Get);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, AccessRule rule, params string[] methods)
        => routes.MapMethods(path, methods, () => TypedResults.NotFound()).RequireAccess(rule).AllowAnyQuery().ExcludeFromDescription();
}
