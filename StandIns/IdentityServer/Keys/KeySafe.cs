using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace SecureShop.StandIns.IdentityServer.Keys;

/// <summary>Reads and writes keys in the store, sealed: a copy of the store signs nothing.</summary>
internal sealed partial class KeySafe(ISigningKeyStore store, IDataProtectionProvider protection, ILogger<KeySafe> logger)
{
    private const int FormatVersion = 1;

    /// <summary>Rows that say of a key that it stands. A row of its own, because the store can add and delete, but not change.</summary>
    private const string Seal = "stands";
    private readonly IDataProtector _protector = protection.CreateProtector("SecureShop.StandIns.IdentityServer.SigningKey");

    public async Task<List<SigningKey>> ReadAsync()
    {
        var rows = (await store.LoadKeysAsync()).ToLookup(row => row.Algorithm == Seal);
        var standing = rows[true].Select(Unwrap).ToHashSet(StringComparer.Ordinal);
        var keys = new List<SigningKey>();
        foreach (var row in rows[false])
        {
            if (Open(row, standing.Contains(row.Id)) is { } key)
                keys.Add(key);
        }

        return keys;
    }

    public Task WriteAsync(SigningKey key) => StoreAsync(key.Id, key.Created, SigningKey.Algorithm, key.Export());

    public Task SealAsync(SigningKey key) => StoreAsync(SealOf(key.Id), key.Created, Seal, key.Id);

    public async Task DeleteAsync(SigningKey key)
    {
        await store.DeleteKeyAsync(key.Id);
        if (key.Stands)
            await store.DeleteKeyAsync(SealOf(key.Id));
    }

    private static string SealOf(string keyId) => $"{keyId}.{Seal}";

    private Task StoreAsync(string id, DateTimeOffset created, string algorithm, string data) => store.StoreKeyAsync(new SerializedKey
    {
        Version = FormatVersion,
        Id = id,
        Created = created.UtcDateTime,
        Algorithm = algorithm,
        DataProtected = true,
        Data = _protector.Protect(data),
    });

    private SigningKey? Open(SerializedKey stored, bool stands)
    {
        if (stored.Version != FormatVersion || stored.Algorithm != SigningKey.Algorithm || stored.IsX509Certificate)
        {
            LogForeign(stored.Id);
            return null;
        }

        var created = new DateTimeOffset(DateTime.SpecifyKind(stored.Created, DateTimeKind.Utc));
        return Unwrap(stored) is { } data ? SigningKey.Import(stored.Id, created, data, stands) : null;
    }

    private string? Unwrap(SerializedKey stored)
    {
        try
        {
            return _protector.Unprotect(stored.Data);
        }
        catch (CryptographicException error)
        {
            // The key that seals was lost or another environment's: the signing key is of no use, a new one takes its place.
            LogUnreadable(error, stored.Id);
            return null;
        }
    }

    [LoggerMessage(6021, LogLevel.Warning, "Signing key {KeyId} has another format or algorithm and is left alone.")]
    private partial void LogForeign(string keyId);

    [LoggerMessage(6022, LogLevel.Error, "Signing key {KeyId} cannot be opened and is left alone. Was the master key of data protection changed?")]
    private partial void LogUnreadable(Exception error, string keyId);
}
