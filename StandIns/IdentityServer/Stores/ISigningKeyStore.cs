namespace SecureShop.StandIns.IdentityServer.Stores;

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
