using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Stores;

namespace SecureShop.StandIns.IdentityServer.Keys;

/// <summary>Reads and writes keys in the store, sealed: a copy of the store signs nothing.</summary>
internal sealed partial class KeySafe(ISigningKeyStore store, IDataProtectionProvider protection, IdentityServerOptions options, ILogger<KeySafe> logger)
{
    private const int FormatVersion = 1;

    /// <summary>Rows that say of a key that it stands. A row of its own, because the store can add and delete, but not change.</summary>
    private const string Seal = "stands";
    private readonly IDataProtector _protector = protection.CreateProtector("SecureShop.StandIns.IdentityServer.SigningKey");

    public async Task<List<SigningKey>> ReadAsync()
    {
        var rows = (await store.LoadKeysAsync()).ToLookup(row => row.Algorithm == Seal);
        var standing = rows[true].Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        var keys = new List<SigningKey>();
        foreach (var row in rows[false])
        {
            if (Open(row, standing.Contains(SealOf(row.Id))) is { } key)
                keys.Add(key);
        }

        return keys;
    }

    public Task SealAsync(SigningKey key) => store.StoreKeyAsync(new SerializedKey
    {
        Version = FormatVersion,
        Id = SealOf(key.Id),
        Created = key.Created.UtcDateTime,
        Algorithm = Seal,
        Data = string.Empty,
    });

    public Task WriteAsync(SigningKey key) => store.StoreKeyAsync(new SerializedKey
    {
        Version = FormatVersion,
        Id = key.Id,
        Created = key.Created.UtcDateTime,
        Algorithm = SigningKey.Algorithm,
        DataProtected = options.KeyManagement.DataProtectKeys,
        Data = options.KeyManagement.DataProtectKeys ? _protector.Protect(key.Export()) : key.Export(),
    });

    public async Task DeleteAsync(SigningKey key)
    {
        await store.DeleteKeyAsync(key.Id);
        if (key.Stands)
            await store.DeleteKeyAsync(SealOf(key.Id));
    }

    private static string SealOf(string keyId) => $"{keyId}.{Seal}";

    private SigningKey? Open(SerializedKey stored, bool stands)
    {
        if (stored.Version != FormatVersion || stored.Algorithm != SigningKey.Algorithm || stored.IsX509Certificate)
        {
            LogForeign(stored.Id);
            return null;
        }

        try
        {
            var data = stored.DataProtected ? _protector.Unprotect(stored.Data) : stored.Data;
            return SigningKey.Import(stored.Id, new DateTimeOffset(DateTime.SpecifyKind(stored.Created, DateTimeKind.Utc)), data, stands);
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            // The key that seals was lost or another environment's: the signing key is of no use, a new one takes its place.
            LogUnreadable(error, stored.Id);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Signing key {KeyId} has another format or algorithm and is left alone.")]
    private partial void LogForeign(string keyId);

    [LoggerMessage(2, LogLevel.Error, "Signing key {KeyId} cannot be opened and is left alone. Was the master key of data protection changed?")]
    private partial void LogUnreadable(Exception error, string keyId);
}
