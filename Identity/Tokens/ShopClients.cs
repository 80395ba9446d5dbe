using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Identity.Tokens;

/// <summary>Who may ask for tokens, and for which.</summary>
internal static class ShopClients
{
    private const int AccessTokenSeconds = 5 * 60;
    private const int CodeSeconds = 60;
    private const int IdleSeconds = 7 * 24 * 60 * 60;
    private const int LongestSeconds = 30 * 24 * 60 * 60;

    private static readonly string[] UserScopes =
    [
        IdentityServerConstants.StandardScopes.OpenId, IdentityServerConstants.StandardScopes.Profile,
        Scope.CatalogRead, Scope.CatalogWrite, Scope.OrdersRead, Scope.OrdersWrite, Scope.OrdersRefund, Scope.OrdersAdmin,
    ];

    public static IEnumerable<Client> From(ClientOptions options, string shopOrigin)
    {
        yield return Mobile();
        if (options.StorefrontSecret is { Length: > 0 } secret)
            yield return Storefront(secret, shopOrigin);
        yield return Service(options.OrdersServiceKey);
        yield return Demo(options.DemoSecret);
    }

    // A public client: it holds no secret that could be kept, so PKCE ties the code to whoever asked for it.
    private static Client Mobile()
    {
        var client = ForUsers("mobile", "SecureShop app");
        client.RequireClientSecret = false;
        client.RedirectUris = ["http://127.0.0.1/callback", "secureshop://callback"];
        client.PostLogoutRedirectUris = ["secureshop://signed-out"];
        return client;
    }

    private static Client Storefront(string secret, string origin)
    {
        var client = ForUsers("storefront", "SecureShop");
        client.ClientSecrets = [new Secret(secret.Sha256())];
        client.RedirectUris = [$"{origin}/signin-oidc"];
        client.PostLogoutRedirectUris = [$"{origin}/signout-callback-oidc"];
        return client;
    }

    private static Client Service(string publicKey)
    {
        var client = ForMachines("orders-service", Scope.CatalogReserve);
        client.ClientSecrets = [new Secret(PublicKeys.ToJsonWebKey(publicKey)) { Type = IdentityServerConstants.SecretTypes.JsonWebKey }];
        return client;
    }

    private static Client Demo(string secret)
    {
        var client = ForMachines("demo", Scope.CatalogRead);
        client.ClientSecrets = [new Secret(secret.Sha256())];
        return client;
    }

    private static Client ForUsers(string id, string name) => new()
    {
        ClientId = id,
        ClientName = name,
        AllowedGrantTypes = GrantTypes.Code,
        RequirePkce = true,
        RequireConsent = false,
        AllowedScopes = UserScopes,
        AllowOfflineAccess = true,
        AuthorizationCodeLifetime = CodeSeconds,
        AccessTokenLifetime = AccessTokenSeconds,
        IdentityTokenLifetime = AccessTokenSeconds,
        RefreshTokenUsage = TokenUsage.OneTimeOnly,
        RefreshTokenExpiration = TokenExpiration.Sliding,
        SlidingRefreshTokenLifetime = IdleSeconds,
        AbsoluteRefreshTokenLifetime = LongestSeconds,
        // Roles are read anew, so that a role taken away ends with the current access token.
        UpdateAccessTokenClaimsOnRefresh = true,
    };

    private static Client ForMachines(string id, string scope) => new()
    {
        ClientId = id,
        ClientName = id,
        AllowedGrantTypes = GrantTypes.ClientCredentials,
        AllowedScopes = [scope],
        AccessTokenLifetime = AccessTokenSeconds,
    };
}
