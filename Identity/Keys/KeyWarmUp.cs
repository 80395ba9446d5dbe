using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace SecureShop.Identity.Keys;

/// <summary>
/// Makes the first protection key before the first request, one replica at a time: replicas that start together would each make
/// a key of their own, and the cookie of one would for a moment be unknown to the other. A missing certificate stops the start here.
/// </summary>
internal sealed class KeyWarmUp(IServiceScopeFactory scopes, IKeyManager ring, IDataProtectionProvider protection, TimeProvider clock) : IHostedService
{
    private const long KeyLock = 0x5EED_4E15;

    /// <summary>An expired key seals nothing new; what it sealed before, signing keys and grants, lives shorter than this.</summary>
    private static readonly TimeSpan StillInUse = TimeSpan.FromDays(60);

    public Task StartAsync(CancellationToken cancellationToken) => scopes.WithDatabaseAsync((IdentityDbContext database) => database.UnderLockAsync(
        KeyLock,
        () =>
        {
            Open();
            _ = protection.CreateProtector(nameof(KeyWarmUp)).Protect([]);
            return Task.CompletedTask;
        },
        cancellationToken));

    // The framework passes over keys that it cannot open and makes a new one: without the certificate everybody would be signed
    // out and every signing key lost, and nobody told why.
    private void Open()
    {
        var unused = clock.GetUtcNow() - StillInUse;
        foreach (var key in ring.GetAllKeys().Where(key => !key.IsRevoked && key.ExpirationDate > unused))
        {
            try
            {
                _ = key.Descriptor;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException(
                    $"The protection key {key.KeyId} opens with none of {KeyCertificates.Section}: it is damaged, or was sealed with a certificate "
                    + $"that is no longer there. Put that certificate back, behind the first; it is needed until {key.ExpirationDate + StillInUse:yyyy-MM-dd}.",
                    fault);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
