using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Keys;

/// <summary>
/// Makes the first protection key before the first request, one replica at a time: replicas that start together would each make
/// a key of their own, and the cookie of one would for a moment be unknown to the other. A wrong master key stops the start here.
/// </summary>
internal sealed class KeyWarmUp(IServiceScopeFactory scopes, IKeyManager ring, IDataProtectionProvider protection) : IHostedService
{
    private const long KeyLock = 0x5EED_4E15;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({KeyLock})", cancellationToken);
            Open(ring);
            _ = protection.CreateProtector(nameof(KeyWarmUp)).Protect([]);
            await transaction.CommitAsync(cancellationToken);
        });
    }

    // The framework passes over keys that it cannot open and makes a new one: under a wrong master key everybody would be signed
    // out and every signing key lost, and nobody told why.
    private static void Open(IKeyManager ring)
    {
        foreach (var key in ring.GetAllKeys().Where(key => !key.IsRevoked))
            _ = key.Descriptor;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
