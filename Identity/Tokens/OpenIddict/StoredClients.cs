using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Writes the clients of the configuration into the table that tokens refer to, before the first request, one replica at a time:
/// replicas that start together would spoil each other's rows. A client that is configured no more can do nothing.
/// </summary>
internal sealed class StoredClients(IServiceScopeFactory scopes, KnownClients clients) : IHostedService
{
    private const long ClientsLock = 0x5EED_4E17;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await database.UnderLockAsync(ClientsLock, () => WriteAsync(applications, cancellationToken), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WriteAsync(IOpenIddictApplicationManager applications, CancellationToken cancellationToken)
    {
        List<object> gone = [];
        await foreach (var application in applications.ListAsync(count: null, offset: null, cancellationToken))
        {
            if (!clients.All.Any(client => client.Id == Id(application)))
                gone.Add(application);
        }

        foreach (var application in gone)
            await applications.UpdateAsync(application, new OpenIddictApplicationDescriptor { ClientId = Id(application), ClientType = ClientTypes.Public }, cancellationToken);
        foreach (var client in clients.All)
        {
            if (await applications.FindByClientIdAsync(client.Id, cancellationToken) is { } there)
                await applications.UpdateAsync(there, Describe(client), cancellationToken);
            else
                await applications.CreateAsync(Describe(client), cancellationToken);
        }

        static string? Id(object application) => ((global::OpenIddict.EntityFrameworkCore.Models.OpenIddictEntityFrameworkCoreApplication)application).ClientId;
    }

    private static OpenIddictApplicationDescriptor Describe(ShopClient client)
    {
        var description = new OpenIddictApplicationDescriptor
        {
            ClientId = client.Id,
            DisplayName = client.Name,
            ClientType = client.IsPublic ? ClientTypes.Public : ClientTypes.Confidential,
            ClientSecret = client.Secret,
            JsonWebKeySet = client.PublicKey is null ? null : JsonWebKeySet.Create($$"""{"keys":[{{client.PublicKey}}]}"""),

            // Of native apps any port of a loopback address is taken; everything else is compared exactly on both kinds.
            ApplicationType = client.IsPublic ? ApplicationTypes.Native : ApplicationTypes.Web,

            // We ask ourselves (RequestDemands).
            ConsentType = ConsentTypes.Implicit,
        };
        description.RedirectUris.UnionWith(client.RedirectUris.Select(uri => new Uri(uri)));
        description.PostLogoutRedirectUris.UnionWith(client.PostLogoutRedirectUris.Select(uri => new Uri(uri)));
        description.Permissions.UnionWith(Permissions(client));
        if (client.IsFapi)
            description.Requirements.Add(Requirements.Features.PushedAuthorizationRequests);
        return description;
    }

    private static IEnumerable<string> Permissions(ShopClient client)
    {
        if (client.IsApi)
            yield return OpenIddictConstants.Permissions.Endpoints.Introspection;
        if (client.Grants.Count == 0)
            yield break;
        yield return OpenIddictConstants.Permissions.Endpoints.Token;
        yield return OpenIddictConstants.Permissions.Endpoints.Revocation;
        foreach (var permission in client.Grants.SelectMany(Permissions))
            yield return permission;
        foreach (var scope in client.Scopes)
            yield return OpenIddictConstants.Permissions.Prefixes.Scope + scope;
        foreach (var api in ShopScopes.ApisOf(client.Scopes))
            yield return OpenIddictConstants.Permissions.Prefixes.Resource + ShopScopes.ResourceOf(api);
    }

    private static string[] Permissions(Grant grant) => grant switch
    {
        Grant.Code =>
        [
            OpenIddictConstants.Permissions.Endpoints.Authorization, OpenIddictConstants.Permissions.Endpoints.PushedAuthorization,
            OpenIddictConstants.Permissions.Endpoints.EndSession, OpenIddictConstants.Permissions.ResponseTypes.Code,
            OpenIddictConstants.Permissions.GrantTypes.AuthorizationCode, OpenIddictConstants.Permissions.GrantTypes.RefreshToken,
        ],
        Grant.Device =>
        [
            OpenIddictConstants.Permissions.Endpoints.DeviceAuthorization,
            OpenIddictConstants.Permissions.GrantTypes.DeviceCode, OpenIddictConstants.Permissions.GrantTypes.RefreshToken,
        ],
        Grant.ClientCredentials => [OpenIddictConstants.Permissions.GrantTypes.ClientCredentials],
        Grant.ApiKey => [OpenIddictConstants.Permissions.Prefixes.GrantType + ApiKeyGrantType.Name],
        _ => throw new ArgumentOutOfRangeException(nameof(grant), grant, "An unknown grant."),
    };
}
