using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace SecureShop.StandIns.IdentityServer.Keys;

/// <summary>
/// Keeps the ring of signing keys: made by itself, announced before use, published after it, the same on every replica.
/// The store cannot lock, so a new key is first a proposal. Its maker looks again after writing it. Alone: he makes it stand,
/// and whoever proposes later sees it. Not alone: he withdraws it and looks again after a random pause. Two keys can therefore
/// never both stand as the only one, however slow a replica is, and nothing is signed with a proposal.
/// </summary>
internal sealed partial class KeyManager(
    IServiceScopeFactory scopes, IdentityServerOptions options, TimeProvider clock, ILogger<KeyManager> logger) : IDisposable
{
    private const int Attempts = 200;
    private const int LongestPauseMilliseconds = 250;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private KeyRing? _ring;

    public async ValueTask<KeyRing> GetAsync()
    {
        if (Current() is { } ring)
            return ring;

        await _oneAtATime.WaitAsync();
        try
        {
            return Current() ?? (_ring = await LoadAsync());
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private KeyRing? Current() => Volatile.Read(ref _ring) is { } ring && clock.GetUtcNow() < ring.GoodUntil ? ring : null;

    private async Task<KeyRing> LoadAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        var safe = ActivatorUtilities.CreateInstance<KeySafe>(scope.ServiceProvider);

        for (var attempt = 1; ; attempt++)
        {
            var schedule = new KeySchedule(options.KeyManagement, clock.GetUtcNow());
            var keys = await ReadAsync(safe, schedule);
            var complete = keys.Exists(key => key.Stands && schedule.NeedsNoSuccessor(key));
            if (!complete && keys.TrueForAll(key => key.Stands))
            {
                await ProposeAsync(safe, schedule);
                continue;
            }

            var standing = keys.Where(key => key.Stands).ToList();
            if ((complete || attempt >= Attempts) && schedule.Signer(standing) is { } signer)
                return new KeyRing(signer, standing, schedule.GoodUntil(standing, signer));
            if (attempt >= Attempts)
                throw new InvalidOperationException("The replicas could not agree on a signing key.");
            await PauseAsync();
        }
    }

    private async Task ProposeAsync(KeySafe safe, KeySchedule schedule)
    {
        var mine = SigningKey.Create(clock.GetUtcNow());
        await safe.WriteAsync(mine);
        var alone = !(await safe.ReadAsync()).Exists(key => key.Id != mine.Id && (!key.Stands || schedule.NeedsNoSuccessor(key)));
        if (alone)
        {
            await safe.SealAsync(mine);
            LogMade(mine.Id);
            return;
        }

        await safe.DeleteAsync(mine);
        LogWithdrawn(mine.Id);
        await PauseAsync();
    }

    /// <summary>The keys that matter; those whose time is over are deleted.</summary>
    private async Task<List<SigningKey>> ReadAsync(KeySafe safe, KeySchedule schedule)
    {
        var keys = await safe.ReadAsync();
        foreach (var key in keys.Where(key => schedule.IsRetired(key) || schedule.IsAbandoned(key)).ToList())
        {
            keys.Remove(key);
            await safe.DeleteAsync(key);
        }

        return keys;
    }

    private Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(LongestPauseMilliseconds) + 1), clock);

    [LoggerMessage(6023, LogLevel.Information, "Made signing key {KeyId}.")]
    private partial void LogMade(string keyId);

    [LoggerMessage(6024, LogLevel.Information, "Withdrew signing key {KeyId}: another replica made one at the same time.")]
    private partial void LogWithdrawn(string keyId);
}
