using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Secret = SecureShop.StandIns.IdentityServer.Models.Secret;

namespace SecureShop.IdentityServer.Tests.Support;

/// <summary>The clients and resources that the tests use.</summary>
internal static class TestShop
{
    public const string Issuer = "https://identity.test";
    public const string Redirect = "https://app.test/callback";
    public const string AppScheme = "secureshop://callback";
    public const string WebSecret = "a-long-random-secret-of-the-web-client";
    public const string DemoSecret = "a-long-random-secret-of-the-demo-client";
    public const string AllScopes = "openid profile offline_access catalog.read orders.read";

    public static ECDsa ServiceKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static IEnumerable<Client> Clients() =>
    [
        new Client
        {
            ClientId = "mobile",
            RequireClientSecret = false,
            AllowedGrantTypes = GrantTypes.Code,
            RedirectUris = { Redirect, AppScheme },
            PostLogoutRedirectUris = { "https://app.test/bye" },
            AllowOfflineAccess = true,
            RefreshTokenUsage = TokenUsage.OneTimeOnly,
            AccessTokenLifetime = 300,
            AllowedScopes = { "openid", "profile", "catalog.read", "orders.read" },
        },
        new Client
        {
            ClientId = "web",
            ClientSecrets = { new Secret(WebSecret.Sha256()) },
            AllowedGrantTypes = GrantTypes.Code,
            RedirectUris = { "https://web.test/signin" },
            AllowOfflineAccess = true,
            RefreshTokenUsage = TokenUsage.OneTimeOnly,
            RefreshTokenExpiration = TokenExpiration.Sliding,
            SlidingRefreshTokenLifetime = 3600,
            AbsoluteRefreshTokenLifetime = 7200,
            AccessTokenLifetime = 300,
            AllowedScopes = { "openid", "profile", "catalog.read" },
        },
        new Client
        {
            ClientId = "demo",
            ClientSecrets = { new Secret(DemoSecret.Sha256()), new Secret("expired".Sha256(), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)) },
            AllowedGrantTypes = GrantTypes.ClientCredentials,
            AccessTokenLifetime = 300,
            AllowedScopes = { "catalog.read", "openid" },
        },
        new Client
        {
            ClientId = "orders-service",
            ClientSecrets = { new Secret(PublicJwk(ServiceKey)) { Type = IdentityServerConstants.SecretTypes.JsonWebKey } },
            AllowedGrantTypes = GrantTypes.ClientCredentials,
            AccessTokenLifetime = 300,
            AllowedScopes = { "catalog.reserve" },
        },
        new Client { ClientId = "off", Enabled = false, RequireClientSecret = false, AllowedGrantTypes = GrantTypes.Code, RedirectUris = { Redirect } },
    ];

    public static IEnumerable<IdentityResource> IdentityResources() => [new IdentityResources.OpenId(), new("profile", "Your name", ["name"])];

    public static IEnumerable<ApiScope> ApiScopes() =>
        [.. "catalog.read catalog.write catalog.reserve orders.read".Split(' ').Select(name => new ApiScope(name, name)), new("secret.scope", "Secret") { ShowInDiscoveryDocument = false }];

    public static IEnumerable<ApiResource> ApiResources() =>
    [
        new("catalog", "Catalog", ["role"]) { Scopes = { "catalog.read", "catalog.write", "catalog.reserve" } },
        new("orders", "Orders", ["role"]) { Scopes = { "orders.read" } },
    ];

    public static string PublicJwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}""";
    }
}
