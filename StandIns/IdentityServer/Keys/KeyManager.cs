using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.StandIns.IdentityServer.Configuration;

namespace SecureShop.StandIns.IdentityServer.Keys;

/// <summary>
/// Keeps the ring of signing keys: made by itself, announced before use, published after it, the same on every replica.
/// The store cannot lock, so a replica that makes a key looks again after writing it. Alone: the key stands, and whoever
/// writes later sees it. Not alone: it withdraws its own and looks again after a random pause. Two keys can therefore never
/// both be believed to be the only one.
/// </summary>
internal sealed partial class KeyManager(
    IServiceScopeFactory scopes, IdentityServerOptions options, TimeProvider clock, ILogger<KeyManager> logger) : IDisposable
{
    private const int Attempts = 20;
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
            var keys = await DropRetiredAsync(safe, schedule);
            var made = keys.Exists(schedule.NeedsNoSuccessor) ? null : await MakeAsync(safe);
            var agreed = true;
            if (made is not null)
            {
                keys = await safe.ReadAsync();
                agreed = !keys.Exists(key => key.Id != made.Id && schedule.NeedsNoSuccessor(key));
                if (!agreed)
                    await WithdrawAsync(safe, made);
            }

            if (agreed && schedule.Signer(keys) is { } signer && Trusts(signer, made, schedule))
                return new KeyRing(signer, keys.Where(key => !schedule.IsRetired(key)).ToList(), schedule.GoodUntil(keys, signer));
            if (attempt == Attempts)
                throw new InvalidOperationException("No signing key could be agreed upon with the other replicas.");
            await PauseAsync();
        }
    }

    /// <summary>A brand-new key of another replica may still be withdrawn; nothing is signed with it before it has settled.</summary>
    private bool Trusts(SigningKey signer, SigningKey? made, KeySchedule schedule) =>
        signer.Id == made?.Id || schedule.IsSettled(signer) || _ring?.Holds(signer) == true;

    private async Task<SigningKey> MakeAsync(KeySafe safe)
    {
        var key = SigningKey.Create(clock.GetUtcNow());
        await safe.WriteAsync(key);
        LogMade(key.Id);
        return key;
    }

    private async Task WithdrawAsync(KeySafe safe, SigningKey key)
    {
        LogWithdrawn(key.Id);
        await safe.DeleteAsync(key);
    }

    private async Task<List<SigningKey>> DropRetiredAsync(KeySafe safe, KeySchedule schedule)
    {
        var keys = await safe.ReadAsync();
        foreach (var key in keys.Where(schedule.IsRetired).ToList())
        {
            keys.Remove(key);
            if (options.KeyManagement.DeleteRetiredKeys)
                await safe.DeleteAsync(key);
        }

        return keys;
    }

    private Task PauseAsync()
    {
        var longest = Math.Max(1, (int)options.KeyManagement.InitializationSynchronizationDelay.TotalMilliseconds);
        return Task.Delay(TimeSpan.FromMilliseconds((longest / 4) + RandomNumberGenerator.GetInt32(longest)), clock);
    }

    [LoggerMessage(1, LogLevel.Information, "Made signing key {KeyId}.")]
    private partial void LogMade(string keyId);

    [LoggerMessage(2, LogLevel.Information, "Withdrew signing key {KeyId}: another replica made one at the same time.")]
    private partial void LogWithdrawn(string keyId);
}
