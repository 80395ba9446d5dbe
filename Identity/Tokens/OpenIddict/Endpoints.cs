using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What answers at the addresses of the protocol. OpenIddict checks every request before, and answers some of them itself.</summary>
internal static class Endpoints
{
    public const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void Map(IEndpointRouteBuilder routes) => ProtocolEndpoints.Map(routes, path => path switch
    {
        Paths.Token => TokenEndpoint.AnswerAsync,
        Paths.UserInfo => UserInfoEndpoint.AnswerAsync,
        Paths.Authorize => AuthorizeEndpoint.AnswerAsync,
        Paths.EndSession => EndSessionEndpoint.Answer,
        _ => Answered,
    });

    /// <summary>The request that OpenIddict has checked.</summary>
    public static OpenIddictRequest Checked(this HttpContext context)
        => context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The token server has not seen this request.");

    private static NotFound Answered() => TypedResults.NotFound();
}
