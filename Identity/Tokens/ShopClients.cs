namespace SecureShop.Identity.Tokens;

/// <summary>The clients: the configuration says what they prove themselves by, this file the rest.</summary>
internal static class ShopClients
{
    private static readonly string[] UserScopes =
    [
        ShopScopes.OpenId, ShopScopes.Profile, ShopScopes.Email, ShopScopes.OfflineAccess,
        Scope.CatalogRead, Scope.CatalogWrite, Scope.OrdersRead, Scope.OrdersWrite, Scope.OrdersRefund, Scope.OrdersAdmin,
    ];

    private static readonly string[] CustomerScopes =
    [
        ShopScopes.OpenId, ShopScopes.Profile, ShopScopes.OfflineAccess, Scope.CatalogRead, Scope.OrdersRead, Scope.OrdersWrite,
    ];

    public static IReadOnlyList<ShopClient> From(ClientOptions options, string shopOrigin) =>
    [
        Mobile(), Cli(), Reference(shopOrigin), Api("orders", options.OrdersServiceKey), Demo(options.DemoSecret),
        Service("Orders", options.OrdersServiceKey, Scope.CatalogReserve, Scope.PersonalAnswer), Service("Catalog", options.CatalogServiceKey, Scope.PersonalAnswer),
        .. Keyed(options.StorefrontKey, key => Storefront(key, shopOrigin, options.StorefrontBackChannel)),
        .. Keyed(options.PartnerKey, key => Partner(key, options.PartnerRedirect)),
        .. Keyed(options.GatewayKey, Gateway),
    ];

    private static ShopClient Storefront(string key, string origin, string? backChannel) => new("storefront", "SecureShop")
    {
        PublicKey = key,
        Grants = [Grant.Code],
        Scopes = UserScopes,
        RedirectUris = [$"{origin}/signin-oidc"],
        PostLogoutRedirectUris = [$"{origin}/signout-callback-oidc"],
        BackChannelLogoutUri = backChannel,
        IsFapi = true,
    };

    // It keeps no secret: PKCE ties the code to whoever asked for it, and the person is asked, as any app may claim the scheme.
    private static ShopClient Mobile() => new("mobile", "SecureShop app")
    {
        Grants = [Grant.Code],
        Scopes = UserScopes,
        RedirectUris = ["http://127.0.0.1/callback", "http://[::1]/callback", "secureshop://callback"],
        PostLogoutRedirectUris = ["secureshop://signed-out"],
        AsksForConsent = true,
    };

    private static ShopClient Cli() => new("cli", "SecureShop command line") { Grants = [Grant.Device], Scopes = CustomerScopes };

    // The page in which people try the APIs. What else runs at the shop's origin could pass for it: people are asked.
    private static ShopClient Reference(string origin) => new("reference", "SecureShop API reference")
    {
        Grants = [Grant.Code],
        Scopes = [Scope.CatalogRead, Scope.OrdersRead, Scope.OrdersWrite],
        RedirectUris = [$"{origin}/docs/reference/"],
        AsksForConsent = true,
    };

    private static ShopClient Partner(string key, string? redirect) => new("partner", "Partner shop")
    {
        PublicKey = key,
        Grants = redirect is null ? [Grant.ClientCredentials] : [Grant.ClientCredentials, Grant.Code],
        Scopes = CustomerScopes,
        RedirectUris = redirect is null ? [] : [redirect],
        AsksForConsent = true,
        IsFapi = true,
    };

    private static ShopClient Service(string name, string key, params string[] scopes) => new($"{name.ToLowerInvariant()}-service", name)
    {
        PublicKey = PublicKeys.ToJsonWebKey(key),
        Grants = [Grant.ClientCredentials],
        Scopes = scopes,
    };

    private static ShopClient Api(string audience, string key) => new(audience, audience)
    {
        PublicKey = PublicKeys.ToJsonWebKey(key),
        Grants = [],
        Scopes = [],
        IsApi = true,
    };

    private static ShopClient Demo(string secret) => new("demo", "Demo")
    {
        Secret = secret,
        Grants = [Grant.ClientCredentials],
        Scopes = [Scope.CatalogRead],
    };

    private static ShopClient Gateway(string key) => new("gateway", "Gateway")
    {
        PublicKey = key,
        Grants = [Grant.ApiKey],
        Scopes = ShopScopes.OfApiKeys,
    };

    private static IEnumerable<ShopClient> Keyed(string? publicKey, Func<string, ShopClient> make)
        => string.IsNullOrEmpty(publicKey) ? [] : [make(PublicKeys.ToJsonWebKey(publicKey))];
}
