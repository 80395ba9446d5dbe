using Duende.IdentityServer.Models;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Token-signing keys in Postgres. They arrive sealed by the key ring; a key without that seal is refused.</summary>
internal sealed class SigningKeyStore(IdentityDbContext database, TimeProvider clock) : ISigningKeyStore
{
    /// <summary>Tells our rows from those that the other engine has sealed in its way.</summary>
    private const int RowVersion = 1;

    public async Task<IEnumerable<SerializedKey>> LoadKeysAsync()
        => await database.SigningKeys.Where(row => row.Version == RowVersion).OrderBy(row => row.CreatedAt).Select(row => new SerializedKey
        {
            Id = row.Id,
            Version = row.Version,
            Created = row.CreatedAt.UtcDateTime,
            Algorithm = row.Algorithm,
            IsX509Certificate = row.IsX509Certificate,
            DataProtected = row.DataProtected,
            Data = row.Data,
        }).ToListAsync();

    public Task StoreKeyAsync(SerializedKey key)
    {
        if (!key.DataProtected)
            throw new InvalidOperationException("A signing key must be sealed before it is stored: leave KeyManagement.DataProtectKeys on.");
        database.SigningKeys.Add(new SigningKeyRow
        {
            Id = key.Id,
            Version = key.Version,
            CreatedAt = clock.GetUtcNow(),
            Algorithm = key.Algorithm,
            IsX509Certificate = key.IsX509Certificate,
            DataProtected = key.DataProtected,
            Data = key.Data,
        });
        return database.SaveChangesAsync();
    }

    public Task DeleteKeyAsync(string id) => database.SigningKeys.Where(row => row.Id == id).ExecuteDeleteAsync();
}
