using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;

namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>Clients from a list, and the browser origins that they name.</summary>
internal sealed class InMemoryClients : IClientStore, ICorsPolicyService
{
    private readonly Dictionary<string, Client> _clients;
    private readonly HashSet<string> _origins;

    public InMemoryClients(IEnumerable<Client> clients)
    {
        _clients = clients.ToDictionary(client => client.ClientId, StringComparer.Ordinal);
        _origins = _clients.Values.Where(client => client.Enabled).SelectMany(client => client.AllowedCorsOrigins).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public IEnumerable<Client> All => _clients.Values;

    public Task<Client?> FindClientByIdAsync(string clientId) => Task.FromResult(_clients.GetValueOrDefault(clientId));

    public Task<bool> IsOriginAllowedAsync(string origin) => Task.FromResult(_origins.Contains(origin));
}
