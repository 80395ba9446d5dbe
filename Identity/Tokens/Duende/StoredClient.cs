using Duende.IdentityServer;
using Duende.IdentityServer.Models;
using Secret = Duende.IdentityServer.Models.Secret;

namespace SecureShop.Identity.Tokens.Duende;

internal static class StoredClient
{
    /// <summary>A client of the shop in IdentityServer's words.</summary>
    public static Client Of(ShopClient client) => new()
    {
        ClientId = client.Id,
        ClientName = client.Name,
        RequireClientSecret = !client.IsPublic,
        ClientSecrets = [.. Secrets(client)],
        AllowedGrantTypes = [.. client.Grants.Select(Name)],
        AllowedScopes = [.. client.Scopes.Where(scope => scope != ShopScopes.OfflineAccess)],
        AllowOfflineAccess = client.Scopes.Contains(ShopScopes.OfflineAccess, StringComparer.Ordinal),
        RedirectUris = [.. client.RedirectUris],
        PostLogoutRedirectUris = [.. client.PostLogoutRedirectUris],
        BackChannelLogoutUri = client.BackChannelLogoutUri,

        // FAPI 2.0, 5.3.2: pushed requests, and tokens that are bound to a key. The server's nonce keeps proofs from being made in advance.
        RequirePushedAuthorization = client.IsFapi,
        RequireDPoP = client.IsFapi,
        DPoPValidationMode = DPoPTokenExpirationValidationMode.IatAndNonce,

        AccessTokenLifetime = Seconds(TokenLifetimes.Access),
        IdentityTokenLifetime = Seconds(TokenLifetimes.Access),
        AuthorizationCodeLifetime = Seconds(TokenLifetimes.Code),
        PushedAuthorizationLifetime = Seconds(TokenLifetimes.PushedRequest),
        DeviceCodeLifetime = Seconds(TokenLifetimes.Device),

        // RefreshTokens says which of the two, and which rotate.
        SlidingRefreshTokenLifetime = Seconds(TokenLifetimes.RefreshIdle),
        AbsoluteRefreshTokenLifetime = Seconds(TokenLifetimes.RefreshLongest),

        // Roles are read anew, so that a role taken away ends with the current access token.
        UpdateAccessTokenClaimsOnRefresh = true,
        AlwaysIncludeUserClaimsInIdToken = true,
    };

    private static IEnumerable<Secret> Secrets(ShopClient client)
    {
        if (client.Secret is { } secret)
            yield return new(secret.Sha256());
        if (client.PublicKey is { } key)
            yield return new(key) { Type = IdentityServerConstants.SecretTypes.JsonWebKey };
    }

    private static string Name(Grant grant) => grant switch
    {
        Grant.Code => GrantType.AuthorizationCode,
        Grant.Device => GrantType.DeviceFlow,
        Grant.ClientCredentials => GrantType.ClientCredentials,
        Grant.ApiKey => ApiKeyGrantType.Name,
        _ => throw new ArgumentOutOfRangeException(nameof(grant), grant, "An unknown grant."),
    };

    private static int Seconds(TimeSpan time) => (int)time.TotalSeconds;
}
