namespace SecureShop.Identity.Factors;

/// <summary>
/// Forgets challenges that nobody could answer any more, and seals the keys of authenticator apps anew once a month: a key of the ring
/// seals for three months, and its certificate may be dropped two months later.
/// </summary>
internal sealed class FactorUpkeep(AuthenticatorSeal seal) : ITidying
{
    private const int Batch = 500;

    private static readonly TimeSpan SealedFor = TimeSpan.FromDays(30);

    public async Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IdentityDbContext>();
        await database.SpentChallenges.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        var due = await database.Authenticators.AsNoTracking().Where(row => row.SealedAt < now - SealedFor)
            .OrderBy(row => row.SealedAt).Take(Batch).ToListAsync(cancellationToken);
        var stored = services.GetRequiredService<TimeProvider>().GetStoredNow();
        foreach (var row in due)
        {
            // Only over what was opened: an app that was added in between stays.
            var anew = seal.Seal(row.UserId, seal.Open(row));
            await database.Authenticators.Where(one => one.UserId == row.UserId && one.SealedKey == row.SealedKey)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.SealedKey, anew).SetProperty(one => one.SealedAt, stored), cancellationToken);
        }
    }
}
