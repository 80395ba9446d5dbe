using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>Finds clients.</summary>
public interface IClientStore
{
    /// <summary>The client of this identifier, or null.</summary>
    Task<Client?> FindClientByIdAsync(string clientId);
}

/// <summary>Finds resources.</summary>
public interface IResourceStore
{
    /// <summary>Identity data by scope.</summary>
    Task<IEnumerable<IdentityResource>> FindIdentityResourcesByScopeNameAsync(IEnumerable<string> scopeNames);

    /// <summary>Scopes of APIs by name.</summary>
    Task<IEnumerable<ApiScope>> FindApiScopesByNameAsync(IEnumerable<string> scopeNames);

    /// <summary>APIs by scope.</summary>
    Task<IEnumerable<ApiResource>> FindApiResourcesByScopeNameAsync(IEnumerable<string> scopeNames);

    /// <summary>APIs by name.</summary>
    Task<IEnumerable<ApiResource>> FindApiResourcesByNameAsync(IEnumerable<string> apiResourceNames);

    /// <summary>Everything.</summary>
    Task<Resources> GetAllResourcesAsync();
}

/// <summary>Keeps signing keys, for all replicas.</summary>
public interface ISigningKeyStore
{
    /// <summary>All keys.</summary>
    Task<IEnumerable<SerializedKey>> LoadKeysAsync();

    /// <summary>Adds one.</summary>
    Task StoreKeyAsync(SerializedKey key);

    /// <summary>Deletes one; nothing if it is not there.</summary>
    Task DeleteKeyAsync(string id);
}
