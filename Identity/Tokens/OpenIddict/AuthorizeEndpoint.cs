using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Answers requests for authorization: sends people to a page as long as something is needed of them, then the client its code.</summary>
internal static class AuthorizeEndpoint
{
    public static async Task<IResult> AnswerAsync(
        HttpContext context, KnownClients clients, RequestMarks marks, TokenPrincipals principals, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = context.Checked();
        var client = clients.Find(request.ClientId) ?? throw new InvalidOperationException("An unknown client has passed.");
        var session = ShopSession.Of((await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Principal);
        var hinted = (await context.AuthenticateAsync(Endpoints.Scheme)).Principal?.GetClaim(OpenIddictConstants.Claims.Subject);
        var asked = AskedFor.From(request, client, hinted);
        var address = Address(context.Request);
        var mark = marks.Find(context, address);
        var needs = asked.Demands.Needs(session, mark, clock.GetUtcNow());
        if (asked.Demands.ErrorFor(needs, session, mark) is { } error)
        {
            marks.Forget(context, address);
            return Refuse(error);
        }

        if (needs != Interaction.None)
        {
            if (mark is null)
                marks.Keep(context, marks.Begin(address, session, JsonSerializer.Serialize(asked)));
            var page = needs == Interaction.Consent ? Paths.ConsentPage : Paths.LoginPage;
            return TypedResults.LocalRedirect(QueryHelpers.AddQueryString(page, "returnUrl", address));
        }

        marks.Forget(context, address);
        return await principals.ForSessionAsync(session!, client, [.. request.GetScopes()], request.GetResources(), cancellationToken) is { } principal
            ? TypedResults.SignIn(principal, authenticationScheme: Endpoints.Scheme)
            : Refuse(OpenIddictConstants.Errors.AccessDenied);
    }

    // One spelling for a request by GET and by POST, so that it is found again when its person comes back.
    private static string Address(HttpRequest request) => Paths.Authorize + (HttpMethods.IsGet(request.Method)
        ? request.QueryString
        : QueryString.Create(request.Form.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value)))));

    private static ForbidHttpResult Refuse(string error) => TypedResults.Forbid(Refusals.Of(error), [Endpoints.Scheme]);
}

/// <summary>How OpenIddict is told of a refusal.</summary>
internal static class Refusals
{
    public static AuthenticationProperties Of(string error) => new(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
    });
}
