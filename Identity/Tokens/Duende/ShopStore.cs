using Duende.IdentityServer;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Clients, scopes and APIs as IdentityServer wants them, made once: they do not change while the service runs.</summary>
internal sealed class ShopStore(KnownClients clients) : IClientStore, IResourceStore
{
    private static readonly Dictionary<string, string[]> ClaimsOf = new(StringComparer.Ordinal)
    {
        [ShopScopes.OpenId] = [ShopClaims.Subject],
        [ShopScopes.Profile] = [ShopClaims.Name],
        [ShopScopes.Email] = [ShopClaims.Email, ShopClaims.EmailVerified],
    };

    private readonly Dictionary<string, Client> byId = clients.All.Where(client => !client.IsApi).Select(StoredClient.Of)
        .ToDictionary(client => client.ClientId, StringComparer.Ordinal);

    private readonly Resources all = new(
        ShopScopes.All.Where(scope => ClaimsOf.ContainsKey(scope.Name)).Select(scope => new IdentityResource(scope.Name, scope.Title, ClaimsOf[scope.Name])),
        ShopScopes.Apis.Select(api => Api(api, clients.Find(api))),
        ShopScopes.All.Where(scope => scope.Api is not null).Select(scope => new ApiScope(scope.Name, scope.Title)
        {
            // What is for services is nothing that a client could ask for.
            ShowInDiscoveryDocument = scope.Name != Scope.CatalogReserve,
        }));

    public Task<Client?> FindClientByIdAsync(string clientId) => Task.FromResult(byId.GetValueOrDefault(clientId));

    public Task<IEnumerable<IdentityResource>> FindIdentityResourcesByScopeNameAsync(IEnumerable<string> scopeNames)
        => Task.FromResult(all.IdentityResources.Where(resource => scopeNames.Contains(resource.Name, StringComparer.Ordinal)));

    public Task<IEnumerable<ApiScope>> FindApiScopesByNameAsync(IEnumerable<string> scopeNames)
        => Task.FromResult(all.ApiScopes.Where(scope => scopeNames.Contains(scope.Name, StringComparer.Ordinal)));

    public Task<IEnumerable<ApiResource>> FindApiResourcesByScopeNameAsync(IEnumerable<string> scopeNames)
        => Task.FromResult(all.ApiResources.Where(api => api.Scopes.Intersect(scopeNames, StringComparer.Ordinal).Any()));

    // An API that asks about a token calls itself by its own name, clients call it by its URI.
    public Task<IEnumerable<ApiResource>> FindApiResourcesByNameAsync(IEnumerable<string> apiResourceNames)
        => Task.FromResult(all.ApiResources.Where(api => apiResourceNames.Any(name => api.Name == name || api.Name == ShopScopes.ResourceOf(name))));

    public Task<Resources> GetAllResourcesAsync() => Task.FromResult(all);

    private static ApiResource Api(string api, ShopClient? self) => new(ShopScopes.ResourceOf(api), api, [ShopClaims.Role])
    {
        Scopes = [.. ShopScopes.All.Where(scope => scope.Api == api).Select(scope => scope.Name)],
        ApiSecrets = self is { IsApi: true, PublicKey: { } key } ? [new(key) { Type = IdentityServerConstants.SecretTypes.JsonWebKey }] : [],
    };
}
