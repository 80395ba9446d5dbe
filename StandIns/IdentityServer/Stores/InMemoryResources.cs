using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>Resources from lists.</summary>
internal sealed class InMemoryResources(
    IEnumerable<IEnumerable<IdentityResource>> identity, IEnumerable<IEnumerable<ApiResource>> apis, IEnumerable<IEnumerable<ApiScope>> scopes) : IResourceStore
{
    private readonly Resources _all = new(identity.SelectMany(list => list), apis.SelectMany(list => list), scopes.SelectMany(list => list));

    public Task<IEnumerable<IdentityResource>> FindIdentityResourcesByScopeNameAsync(IEnumerable<string> scopeNames) =>
        Find(_all.IdentityResources, scopeNames);

    public Task<IEnumerable<ApiScope>> FindApiScopesByNameAsync(IEnumerable<string> scopeNames) => Find(_all.ApiScopes, scopeNames);

    public Task<IEnumerable<ApiResource>> FindApiResourcesByNameAsync(IEnumerable<string> apiResourceNames) => Find(_all.ApiResources, apiResourceNames);

    public Task<IEnumerable<ApiResource>> FindApiResourcesByScopeNameAsync(IEnumerable<string> scopeNames)
    {
        var names = scopeNames.ToHashSet(StringComparer.Ordinal);
        return Task.FromResult<IEnumerable<ApiResource>>(_all.ApiResources.Where(api => api.Scopes.Any(names.Contains)).ToList());
    }

    public Task<Resources> GetAllResourcesAsync() => Task.FromResult(_all);

    private static Task<IEnumerable<T>> Find<T>(IEnumerable<T> resources, IEnumerable<string> names)
        where T : Resource
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        return Task.FromResult<IEnumerable<T>>(resources.Where(resource => wanted.Contains(resource.Name)).ToList());
    }
}
