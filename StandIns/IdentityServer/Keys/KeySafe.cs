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
    private readonly IDataProtector _protector = protection.CreateProtector("SecureShop.StandIns.IdentityServer.SigningKey");

    public async Task<List<SigningKey>> ReadAsync()
    {
        var keys = new List<SigningKey>();
        foreach (var stored in await store.LoadKeysAsync())
        {
            if (Open(stored) is { } key)
                keys.Add(key);
        }

        return keys;
    }

    public Task WriteAsync(SigningKey key) => store.StoreKeyAsync(new SerializedKey
    {
        Version = FormatVersion,
        Id = key.Id,
        Created = key.Created.UtcDateTime,
        Algorithm = SigningKey.Algorithm,
        DataProtected = options.KeyManagement.DataProtectKeys,
        Data = options.KeyManagement.DataProtectKeys ? _protector.Protect(key.Export()) : key.Export(),
    });

    public Task DeleteAsync(SigningKey key) => store.DeleteKeyAsync(key.Id);

    private SigningKey? Open(SerializedKey stored)
    {
        if (stored.Version != FormatVersion || stored.Algorithm != SigningKey.Algorithm || stored.IsX509Certificate)
        {
            LogForeign(stored.Id);
            return null;
        }

        try
        {
            var data = stored.DataProtected ? _protector.Unprotect(stored.Data) : stored.Data;
            return SigningKey.Import(stored.Id, new DateTimeOffset(DateTime.SpecifyKind(stored.Created, DateTimeKind.Utc)), data);
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
