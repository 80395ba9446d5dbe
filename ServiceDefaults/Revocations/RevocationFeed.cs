using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.ServiceDefaults.Tokens;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults.Revocations;

/// <summary>
/// Tells every gateway what has ended. Whoever ends something neither waits for Redis nor fails with it: what cannot be told waits here, and
/// is tried again until all that it concerns has expired anyway.
/// </summary>
public sealed partial class RevocationFeed(ShopRedis redis, TimeProvider clock, TimeSpan tokenLifetime, ILogger<RevocationFeed> logger) : BackgroundService
{
    private const int MaxWaiting = 10_000;
    private const int MaxAtOnce = 256;

    // One step, so that the numbers rise in the order in which readers can see them; by the clock of Redis, and past the last one where that
    // was set back. Those of no use go a few at a time. Written twice, because an answer got lost, it stays one.
    private const string Script = """
        local time = redis.call('TIME')
        local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
        local number = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), tonumber(last[2] or '0'))
        for i, revocation in ipairs(ARGV) do
            redis.call('ZADD', KEYS[1], string.format('%.0f', number + i), revocation)
        end
        for _, revocation in ipairs(redis.call('ZRANGE', KEYS[1], 0, #ARGV * 2 + 100)) do
            if tonumber(string.match(revocation, '^%d+')) < tonumber(time[1]) * 1000 then redis.call('ZREM', KEYS[1], revocation) end
        end
        return redis.call('EXPIRE', KEYS[1], 172800)
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Channel<Revocation> waiting = Channel.CreateBounded<Revocation>(MaxWaiting);
    private long untold;

    /// <summary>
    /// Ends something. Where a transaction ends it, call this inside of it and after its statement: rolled back, too much has ended, and a client
    /// asks for a new token; called when it is committed, a process that dies in between would have ended too little.
    /// </summary>
    /// <param name="kind">What it is.</param>
    /// <param name="value">Its id; null where the token had none.</param>
    public void Revoke(RevocationKind kind, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        var revocation = Make(kind, value, clock.GetUtcNow());

        // Full: all that lives by then ends, which is too much and asks for new tokens. Forgetting would leave a thief theirs.
        if (!waiting.Writer.TryWrite(revocation))
            Volatile.Write(ref untold, revocation.At);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was ended a moment ago is told before the process is gone.
        waiting.Writer.TryComplete();
        if (ExecuteTask is { } telling)
            await Task.WhenAny(telling, Task.Delay(Farewell, clock, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Revocation> batch = [];
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < MaxAtOnce && waiting.Reader.TryRead(out var next))
                batch.Add(next);
            if (Interlocked.Exchange(ref untold, 0) is var at and > 0)
                batch.Add(Make(RevocationKind.All, "", DateTimeOffset.FromUnixTimeMilliseconds(at)));
            await TellAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    private Revocation Make(RevocationKind kind, string value, DateTimeOffset at)
    {
        // A gateway that does not reach the identity server believes in its keys for a day; all else lives as long as a token, by any clock.
        var keep = kind == RevocationKind.Key ? IssuerKeys.MaximumAge + tokenLifetime : tokenLifetime;
        return new(kind, value, at.ToUnixTimeMilliseconds(), (at + keep + (3 * AccessTokenRules.ClockSkew)).ToUnixTimeMilliseconds());
    }

    private async Task TellAsync(List<Revocation> batch, CancellationToken cancellationToken)
    {
        for (var away = false; ; await Task.Delay(Pause, clock, cancellationToken))
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            batch.RemoveAll(revocation => revocation.Until <= now);
            if (batch.Count == 0)
                return;
            try
            {
                RedisValue[] texts = [.. batch.Select(revocation => (RedisValue)revocation.Write())];
                await redis.AskAnywayAsync(database => database.ScriptEvaluateAsync(Script, [Revocation.Feed], texts), cancellationToken);
                return;
            }
            catch (Exception failure) when (ShopRedis.IsOutage(failure))
            {
                if (!away)
                    NotTold(failure.GetType().Name);
                away = true;
            }
        }
    }

    [LoggerMessage(1151, LogLevel.Error, "Redis does not take what was revoked ({Failure}); it is tried again until nothing that it concerns lives")]
    private partial void NotTold(string failure);
}
