namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Clients, scopes and APIs as IdentityServer wants them, made once: they do not change while the service runs.</summary>
internal static class Registered
{
    public static IReadOnlyDictionary<Grant, string> Grants { get; } = new Dictionary<Grant, string>
    {
        [Grant.Code] = GrantType.AuthorizationCode,
        [Grant.Device] = GrantType.DeviceFlow,
        [Grant.ClientCredentials] = GrantType.ClientCredentials,
        [Grant.ApiKey] = ApiKeyGrantType.Name,
    };

    public static IEnumerable<IdentityResource> Identities { get; } =
    [
        new(ShopScopes.OpenId, [ShopClaims.Subject]),
        new(ShopScopes.Profile, [ShopClaims.Name]),
        new(ShopScopes.Email, [ShopClaims.Email, ShopClaims.EmailVerified]),
    ];

    // What is for services is nothing that a client could ask for.
    public static IEnumerable<ApiScope> Scopes { get; } = [.. ShopScopes.All.Where(scope => scope.Api is not null)
        .Select(scope => new ApiScope(scope.Name, scope.Title) { ShowInDiscoveryDocument = !ShopScopes.OfServices.Contains(scope.Name, StringComparer.Ordinal) })];

    /// <summary>The APIs: by the address that clients know them by (RFC 8707), and those that ask about tokens (RFC 7662) by their own name, too.</summary>
    public static IEnumerable<ApiResource> Apis(KnownClients clients, string shop) =>
    [
        .. ShopScopes.Apis.Select(api => Api(ShopScopes.ResourceOf(shop, api), api)),
        .. clients.All.Where(client => client.IsApi).Select(self => Api(self.Id, self.Id, [.. Secrets(self)])),
    ];

    public static IEnumerable<Client> Clients(KnownClients clients) => [.. clients.All.Where(client => !client.IsApi).Select(Of)];

    private static Client Of(ShopClient client) => new()
    {
        ClientId = client.Id,
        ClientName = client.Name,
        RequireClientSecret = !client.IsPublic,
        ClientSecrets = [.. Secrets(client)],
        AllowedGrantTypes = [.. client.Grants.Select(grant => Grants[grant])],
        AllowedScopes = [.. client.Scopes.Where(scope => scope != ShopScopes.OfflineAccess)],
        AllowOfflineAccess = client.Scopes.Contains(ShopScopes.OfflineAccess, StringComparer.Ordinal),
        RedirectUris = [.. client.RedirectUris],
        PostLogoutRedirectUris = [.. client.PostLogoutRedirectUris],
        BackChannelLogoutUri = client.BackChannelLogoutUri,

        // FAPI 2.0, 5.3.2: pushed requests, and tokens that are bound to a key.
        RequirePushedAuthorization = client.IsFapi,
        RequireDPoP = client.IsFapi,

        AccessTokenLifetime = Seconds(TokenLifetimes.Access),
        IdentityTokenLifetime = Seconds(TokenLifetimes.Access),
        AuthorizationCodeLifetime = Seconds(TokenLifetimes.Code),
        PushedAuthorizationLifetime = Seconds(TokenLifetimes.PushedRequest),
        DeviceCodeLifetime = Seconds(TokenLifetimes.Device),

        // Those of public clients change with each use, unless RefreshTokens knows better.
        RefreshTokenUsage = client.IsPublic ? TokenUsage.OneTimeOnly : TokenUsage.ReUse,
        RefreshTokenExpiration = client.IsPublic ? TokenExpiration.Sliding : TokenExpiration.Absolute,
        SlidingRefreshTokenLifetime = Seconds(TokenLifetimes.RefreshIdle),
        AbsoluteRefreshTokenLifetime = Seconds(TokenLifetimes.RefreshLongest),

        // Roles are read anew, so that a role taken away ends with the current access token.
        UpdateAccessTokenClaimsOnRefresh = true,
        AlwaysIncludeUserClaimsInIdToken = true,

        // Those that TokenRequests adds.
        AlwaysSendClientClaims = true,
        ClientClaimsPrefix = "",
    };

    private static ApiResource Api(string name, string api, params Secret[] secrets) => new(name, api, [ShopClaims.Role])
    {
        Scopes = [.. ShopScopes.All.Where(scope => scope.Api == api).Select(scope => scope.Name)],
        ApiSecrets = secrets,
    };

    private static IEnumerable<Secret> Secrets(ShopClient client)
    {
        if (client.Secret is { } secret)
            yield return new(secret.Sha256());
        if (client.PublicKey is { } key)
            yield return new(key) { Type = IdentityServerConstants.SecretTypes.JsonWebKey };
    }

    private static int Seconds(TimeSpan time) => (int)time.TotalSeconds;
}
