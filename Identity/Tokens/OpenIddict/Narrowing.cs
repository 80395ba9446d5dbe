using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Gives an access token no more than this request asks for (RFC 6749, 6; RFC 8707) and its person's roles use. The refresh token beside it
/// keeps what was granted.
/// </summary>
internal static class Narrowing
{
    public static void AddTo(OpenIddictServerBuilder server) => server.AddEventHandler<ProcessSignInContext>(handler => handler
        .AddFilter<OpenIddictServerHandlerFilters.RequireAccessTokenGenerated>()
        .SetOrder(PrepareUserCodePrincipal.Descriptor.Order + 100).UseInlineHandler(Narrow));

    private static ValueTask Narrow(ProcessSignInContext context)
    {
        var token = context.AccessTokenPrincipal!;
        var scopes = token.GetScopes();
        if (context.Request.IsRefreshTokenGrantType() && context.Request.GetScopes() is { IsDefaultOrEmpty: false } wanted)
            scopes = scopes.RemoveAll(scope => !wanted.Contains(scope, StringComparer.Ordinal));
        if (context.Principal!.GetClaim(Claims.Email) is not null)
            scopes = [.. ShopScopes.GrantableBy(token.GetClaims(Claims.Role), scopes)];

        var apis = context.Principal!.GetResources().Select(ShopScopes.ApiOf).OfType<string>();
        if (context.EndpointType == OpenIddictServerEndpointType.Token && context.Request.GetResources() is { IsDefaultOrEmpty: false } resources)
            apis = resources.Select(ShopScopes.ApiOf).OfType<string>();
        var audiences = apis.Intersect(ShopScopes.ApisOf(scopes), StringComparer.Ordinal).ToList();
        token.SetScopes(scopes.Where(scope => ShopScopes.Find(scope) is { } known && (known.Api is null || audiences.Contains(known.Api, StringComparer.Ordinal))));

        // RFC 9068, 3: a token for no API is for this server, whose userinfo endpoint takes it.
        token.SetAudiences(audiences.Count > 0 ? audiences : [Wire.Issuer(context)]);
        return default;
    }
}
