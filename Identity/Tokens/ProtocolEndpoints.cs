using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Identity.Tokens;

/// <summary>The addresses of the protocol, each with its access rule, on either engine. What is not named here is not there, whatever the engine would offer.</summary>
internal static class ProtocolEndpoints
{
    private static readonly AccessRule PublicFacts = AccessRule.Anyone("Public facts about the issuer: its addresses and its public keys.");
    private static readonly AccessRule ProvesClient = AccessRule.Anyone("The token server checks the client's proof and the grant itself.");
    private static readonly AccessRule ProvesToken = AccessRule.Anyone("The token server checks the access token itself.");
    private static readonly AccessRule AsksForSession = AccessRule.Anyone("Asks for sign-in itself, after it has checked client and redirect address.");

    /// <summary>Maps each to what <paramref name="handler"/> has for its path.</summary>
    public static void Map(IEndpointRouteBuilder routes, Func<string, Delegate> handler)
    {
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
            => routes.MapMethods(path, methods, handler(path)).RequireAccess(rule).ActAs(DatabaseTask.Tokens).AllowAnyQuery().ExcludeFromDescription()

                // The token server does that, of what it knows.
                .DisableValidation();
    }
}
