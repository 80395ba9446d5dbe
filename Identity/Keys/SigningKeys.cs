using Microsoft.Extensions.Primitives;

namespace SecureShop.Identity.Keys;

/// <summary>
/// The keys that sign tokens: made, announced, used and dropped by their age, which all replicas read from the same rows and so agree on
/// without talking. Who signs takes them from here, and hears when they change.
/// </summary>
internal sealed class SigningKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, RevocationFeed feed, TimeProvider clock) : IHostedService, ITidying, IOwnKeys, IDisposable
{
    /// <summary>Tells our rows from those that an engine has sealed in its way.</summary>
    private const int RowVersion = 2;

    private const long KeyLock = 0x5EED_4E16;

    // Of its own: the common one keeps signers by their key for the whole process, and would hand out one whose key is disposed.
    private readonly CryptoProviderFactory providers = new();
    private readonly IDataProtector seal = protection.CreateProtector("signing-keys/v2");

    // Disposed with the service and not before: requests may hold one when it has left the ring.
    private readonly List<ECDsa> opened = [];
    private volatile IReadOnlyList<ECDsaSecurityKey> ring = [];
    private CancellationTokenSource changed = new();

    /// <summary>The first signs; the others are published and accepted.</summary>
    public IReadOnlyList<ECDsaSecurityKey> Ring => ring;

    public SecurityKey? Find(string id) => ring.FirstOrDefault(key => key.KeyId == id);

    public IChangeToken GetChangeToken() => new CancellationChangeToken(changed.Token);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await RemoveExpiredAsync(scope.ServiceProvider, clock.GetUtcNow(), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        changed.Dispose();
        opened.ForEach(key => key.Dispose());
    }

    /// <summary>Makes the next key as well, where it is due. As often as the tidying comes is often enough: a key is announced long before it is used.</summary>
    public async Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IdentityDbContext>();
        var rows = await ReadAsync(database, cancellationToken);
        if (IsDue(rows, now))
        {
            await database.UnderLockAsync(KeyLock, () => RotateAsync(database, now, cancellationToken), cancellationToken);
            rows = await ReadAsync(database, cancellationToken);
        }

        var order = Order(rows, now);
        if (order.Select(row => row.Id).SequenceEqual(ring.Select(key => key.KeyId)))
            return;
        foreach (var gone in ring.ExceptBy(order.Select(row => row.Id), key => key.KeyId, StringComparer.Ordinal))
            feed.Revoke(RevocationKind.Key, gone.KeyId);
        ring = [.. order.Select(row => ring.FirstOrDefault(key => key.KeyId == row.Id) ?? Open(row))];
        await Interlocked.Exchange(ref changed, new()).CancelAsync();
    }

    private static Task<List<SigningKeyRow>> ReadAsync(IdentityDbContext database, CancellationToken cancellationToken)
        => database.SigningKeys.AsNoTracking().Where(row => row.Version == RowVersion).ToListAsync(cancellationToken);

    // One replica makes the next key; the others find it made.
    private async Task RotateAsync(IdentityDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(database, cancellationToken);
        if (IsDue(rows, now))
            database.SigningKeys.Add(Make(clock.GetStoredNow()));
        database.SigningKeys.RemoveRange(rows.Where(row => IsGone(row, now)));
        await database.SaveChangesAsync(cancellationToken);
    }

    private SigningKeyRow Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new()
        {
            Id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            Version = RowVersion,
            CreatedAt = now,
            Algorithm = SecurityAlgorithms.EcdsaSha256,
            DataProtected = true,
            Data = Convert.ToBase64String(seal.Protect(key.ExportPkcs8PrivateKey())),
        };
    }

    private ECDsaSecurityKey Open(SigningKeyRow row)
    {
        var key = ECDsa.Create();
        opened.Add(key);
        key.ImportPkcs8PrivateKey(seal.Unprotect(Convert.FromBase64String(row.Data)), out _);
        return new(key) { KeyId = row.Id, CryptoProviderFactory = providers };
    }

    private static bool IsDue(IEnumerable<SigningKeyRow> keys, DateTimeOffset now) => !keys.Any(key => key.CreatedAt + TokenLifetimes.KeyUse > now);

    private static bool IsGone(SigningKeyRow key, DateTimeOffset now)
        => key.CreatedAt + TokenLifetimes.KeyAnnouncement + TokenLifetimes.KeyUse + TokenLifetimes.KeyRetention <= now;

    /// <summary>The keys to publish: the one that signs first, then the newest.</summary>
    private static IReadOnlyList<SigningKeyRow> Order(IEnumerable<SigningKeyRow> keys, DateTimeOffset now)
    {
        var newest = keys.Where(key => !IsGone(key, now)).OrderByDescending(key => key.CreatedAt).ToList();

        // The very first key signs at once: nobody could have been told of it before.
        var signs = newest.Find(key => key.CreatedAt + TokenLifetimes.KeyAnnouncement <= now) ?? newest[^1];
        return [signs, .. newest.Where(key => key != signs)];
    }
}
