using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using SecureShop.Identity.ApiKeys;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Says who a token that may be made is about. OpenIddict has checked the client, what it presents, and that it may have it.</summary>
internal static class TokenEndpoint
{
    public static async Task<IResult> AnswerAsync(
        HttpContext context, KnownClients clients, TokenPrincipals principals, ApiKeyExchange keys, CancellationToken cancellationToken)
    {
        var request = context.Checked();
        var client = clients.Find(request.ClientId) ?? throw new InvalidOperationException("An unknown client has passed.");
        var resources = request.GetResources();
        if (resources.Any(resource => ShopScopes.ApiOf(resource) is null))
            return Refuse(Errors.InvalidTarget);
        if (request.IsClientCredentialsGrantType())
        {
            // RFC 6749, 3.3: who names no scope gets all of its own.
            var scopes = request.GetScopes();
            return SignIn(TokenPrincipals.ForClient(client, scopes.IsDefaultOrEmpty ? client.Scopes : scopes, resources));
        }

        if (request.GrantType == ApiKeyGrantType.Name)
        {
            return await keys.FindAsync((string?)request[ApiKeyGrantType.Parameter] ?? "", request.GetScopes(), cancellationToken) is { } key
                ? SignIn(TokenPrincipals.ForKey(key, resources))
                : Refuse(Errors.InvalidGrant);
        }

        // A code, a refresh token or a device: what was granted is in it, its person is read anew.
        var granted = (await context.AuthenticateAsync(Endpoints.Scheme)).Principal ?? throw new InvalidOperationException("A grant without content has passed.");
        if (resources.Except(granted.GetResources(), StringComparer.Ordinal).Any())
            return Refuse(Errors.InvalidTarget);
        return await principals.RenewAsync(granted) is { } principal ? SignIn(principal) : Refuse(Errors.InvalidGrant);
    }

    private static GrantedTokens SignIn(ClaimsPrincipal principal) => new(principal);

    private static ForbidHttpResult Refuse(string error) => TypedResults.Forbid(Refusals.Of(error), [Endpoints.Scheme]);
}
