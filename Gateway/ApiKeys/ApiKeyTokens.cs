using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Limits;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.ServiceDefaults.Services;

namespace SecureShop.Gateway.ApiKeys;

/// <summary>
/// The tokens of API keys, exchanged at Identity: once for all who bring the same key at the same time, and the answer is kept for a
/// while. A key is known by its SHA-256 alone, which 190 random bits need no secret for.
/// </summary>
internal sealed partial class ApiKeyTokens(
    TokenEndpoint identity, KnownRevocations revocations, IOptions<ApiKeyOptions> options, TimeProvider clock, ILogger<ApiKeyTokens> logger) : IDisposable
{
    /// <summary>Keys of one address that Identity refuses in a minute.</summary>
    public const int MaxRefused = 60;

    /// <summary>Verdicts of each kind.</summary>
    private const int MaxKept = 10_000;

    private const string GrantType = "urn:secureshop:params:oauth:grant-type:api-key";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Two tables: made-up keys, of which anybody has as many as they like, must not push out the good ones.
    private readonly MemoryCache good = new(new MemoryCacheOptions { SizeLimit = MaxKept });
    private readonly MemoryCache refused = new(new MemoryCacheOptions { SizeLimit = MaxKept });
    private readonly ConcurrentDictionary<string, Lazy<Task<KeyVerdict>>> running = new(StringComparer.Ordinal);
    private readonly ConcurrencyLimiter exchanges = new(new() { PermitLimit = 32, QueueLimit = 512 });
    private readonly LocalAttemptCounter failures = new(clock);

    /// <summary>What <paramref name="key"/> is good for. Nobody is told why it is not.</summary>
    public async Task<KeyVerdict> FindAsync(string? key, IPAddress? address)
    {
        // What cannot be a key costs Identity nothing.
        if (!ApiKeyFormat.IsPossible(key))
            return new(KeyState.Impossible, DateTimeOffset.MaxValue);
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(key!)));
        if (Kept(hash) is { } verdict)
            return verdict;

        // Not this caller's own work: if they leave, the others still get the answer. And they stay until it is there, which takes seconds
        // at most: who left before the limits have counted them could come again without end.
        var exchange = running.GetOrAdd(hash, name => new(() => Task.Run(() => ExchangeAsync(key!, name, address), CancellationToken.None)));
        return await exchange.Value;
    }

    public void Dispose()
    {
        good.Dispose();
        refused.Dispose();
        exchanges.Dispose();
    }

    // Which key it was that was revoked only Identity can tell: all are exchanged anew, each once.
    private KeyVerdict? Kept(string hash)
        => Kept(good, hash) is { } verdict && verdict.Ended == revocations.ExchangesEnded ? verdict : Kept(refused, hash);

    private KeyVerdict? Kept(MemoryCache table, string hash)
        => table.TryGetValue(hash, out KeyVerdict? verdict) && clock.GetUtcNow() < verdict!.Until ? verdict : null;

    private KeyVerdict Keep(MemoryCache table, string hash, KeyVerdict verdict)
        => table.Set(hash, verdict, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Minute });

    private async Task<KeyVerdict> ExchangeAsync(string key, string hash, IPAddress? address)
    {
        var caller = $"api-key|{AddressPrefix.Name(address)}";
        try
        {
            // The one before may have ended since this one was found missing.
            if (Kept(hash) is { } verdict)
                return verdict;

            // Counted before and taken back after: tries that race do not get more than those that come one by one.
            var attempt = failures.Add(caller, Minute);
            if (attempt.Attempts > MaxRefused)
            {
                // Nobody has refused this one: good keys that all come at once must not shut their address out for long.
                failures.TakeBack(caller, all: false);
                return new(KeyState.Throttled, clock.GetUtcNow() + attempt.Remaining);
            }

            verdict = await AskAsync(key, hash);
            if (verdict.State != KeyState.Refused)
                failures.TakeBack(caller, all: false);
            return verdict.State switch
            {
                KeyState.Good => Keep(good, hash, verdict),
                KeyState.Refused => Keep(refused, hash, verdict),
                _ => verdict,
            };
        }
        finally
        {
            running.TryRemove(hash, out _);
        }
    }

    private async Task<KeyVerdict> AskAsync(string key, string hash)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        try
        {
            // A flood of keys must not become as many calls at once.
            using var turn = await exchanges.AcquireAsync(1, limit.Token);
            if (!turn.IsAcquired)
                return new(KeyState.Unknown, clock.GetUtcNow() + Pause);

            // From here, and not from the answer: it is no later than the moment when Identity looked.
            var (asked, ended) = (clock.GetUtcNow(), revocations.ExchangesEnded);
            if (await identity.AskAsync(GrantType, new("api_key", key), limit.Token) is not { } grant)
                return new(KeyState.Refused, asked + Pause);
            var keep = TimeSpan.FromSeconds(options.Value.KeepSeconds);
            return new(KeyState.Good, asked + (keep < grant.KeepFor ? keep : grant.KeepFor), grant.AccessToken, grant.Scopes, ended, hash);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            NotExchanged(failure.GetType().Name, (int?)(failure as HttpRequestException)?.StatusCode);
            return new(KeyState.Unknown, clock.GetUtcNow() + Pause);
        }
    }

    [LoggerMessage(2121, LogLevel.Warning, "An API key could not be exchanged ({Failure}, {Status}): its callers get 503.")]
    private partial void NotExchanged(string failure, int? status);
}
