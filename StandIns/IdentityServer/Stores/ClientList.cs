namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>The clients.</summary>
internal sealed class ClientList(IEnumerable<Client> clients)
{
    private readonly Dictionary<string, Client> _clients = clients.ToDictionary(client => client.ClientId, StringComparer.Ordinal);

    public IEnumerable<Client> All => _clients.Values;

    /// <summary>The client of this identifier if it is switched on, or null.</summary>
    public Client? Find(string clientId) => _clients.GetValueOrDefault(clientId) is { Enabled: true } client ? client : null;
}
