using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// The addresses of the protocol, each with its access rule. OpenIddict checks every request before its handler here runs, and answers
/// some of them itself; what it does not answer, and nothing here does, stays behind the deny-all fallback.
/// </summary>
internal static class Endpoints
{
    public const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    private static readonly AccessRule PublicFacts = AccessRule.Anyone("Public facts about the issuer: its addresses and its public keys.");
    private static readonly AccessRule ProvesClient = AccessRule.Anyone("The token server checks the client's proof and the grant itself.");
    private static readonly AccessRule ProvesToken = AccessRule.Anyone("The token server checks the access token itself.");
    private static readonly AccessRule AsksForSession = AccessRule.Anyone("Asks for sign-in itself, after it has checked client and redirect address.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, Paths.Configuration, PublicFacts, Answered, HttpMethods.Get);
        Map(routes, Paths.OAuthMetadata, PublicFacts, Answered, HttpMethods.Get);
        Map(routes, Paths.Keys, PublicFacts, Answered, HttpMethods.Get);
        Map(routes, Paths.Push, ProvesClient, Answered, HttpMethods.Post);
        Map(routes, Paths.Device, ProvesClient, Answered, HttpMethods.Post);
        Map(routes, Paths.Introspect, ProvesClient, Answered, HttpMethods.Post);
        Map(routes, Paths.Revoke, ProvesClient, Answered, HttpMethods.Post);
        Map(routes, Paths.Token, ProvesClient, TokenEndpoint.AnswerAsync, HttpMethods.Post);
        Map(routes, Paths.UserInfo, ProvesToken, UserInfoEndpoint.AnswerAsync, HttpMethods.Get, HttpMethods.Post);
        Map(routes, Paths.Authorize, AsksForSession, AuthorizeEndpoint.AnswerAsync, HttpMethods.Get, HttpMethods.Post);
        Map(routes, Paths.EndSession, AsksForSession, EndSessionEndpoint.Answer, HttpMethods.Get, HttpMethods.Post);
    }

    /// <summary>The request that OpenIddict has checked.</summary>
    public static OpenIddictRequest Checked(this HttpContext context)
        => context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The token server has not seen this request.");

    private static IResult Answered() => TypedResults.NotFound();

    private static void Map(IEndpointRouteBuilder routes, string path, AccessRule rule, Delegate handler, params string[] methods)
        => routes.MapMethods(path, methods, handler).RequireAccess(rule).AllowAnyQuery().ExcludeFromDescription();
}
