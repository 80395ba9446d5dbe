using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>Finds clients that are served.</summary>
public static class ClientStoreExtensions
{
    /// <summary>The client of this identifier if it is switched on, or null.</summary>
    public static async Task<Client?> FindEnabledClientByIdAsync(this IClientStore store, string clientId) =>
        await store.FindClientByIdAsync(clientId) is { Enabled: true } client ? client : null;
}
