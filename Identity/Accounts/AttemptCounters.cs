using SecureShop.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace SecureShop.Identity.Accounts;

/// <summary>How many attempts a key has had in its window, and when the window ends.</summary>
internal sealed record AttemptCount(long Attempts, TimeSpan Remaining);

/// <summary>What is counted and for whom, as it is called in Redis and within the process.</summary>
/// <param name="Shared">Hashed: e-mail and network addresses are personal data and do not belong into Redis.</param>
/// <param name="Local">With the network address in it, so that neighbours can be counted together.</param>
internal sealed record AttemptKey(string Shared, string Local);

internal interface IAttemptCounter
{
    /// <summary>Counts one attempt in one atomic step, before it is made: guesses that race are all counted.</summary>
    Task<AttemptCount> AddAsync(AttemptKey key, TimeSpan window, CancellationToken cancellationToken);

    /// <summary>Takes one attempt back: it was no failure.</summary>
    Task TakeBackAsync(AttemptKey key, CancellationToken cancellationToken);

    /// <summary>Forgets the key.</summary>
    Task ForgetAsync(AttemptKey key, CancellationToken cancellationToken);
}

/// <summary>Counts in Redis, together with all replicas.</summary>
internal sealed class RedisAttemptCounter(ShopRedis redis) : IAttemptCounter
{
    private const string Add = """
        local count = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            left = tonumber(ARGV[1])
        end
        return { count, left }
        """;

    private const string TakeBack = "if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then return redis.call('DECR', KEYS[1]) end return 0";

    public async Task<AttemptCount> AddAsync(AttemptKey key, TimeSpan window, CancellationToken cancellationToken)
    {
        var result = (RedisResult[]?)await EvaluateAsync(Add, key, (long)window.TotalMilliseconds, cancellationToken)
            ?? throw new InvalidOperationException("The counter gave no answer.");
        return new((long)result[0], TimeSpan.FromMilliseconds((long)result[1]));
    }

    public Task TakeBackAsync(AttemptKey key, CancellationToken cancellationToken) => EvaluateAsync(TakeBack, key, 0, cancellationToken);

    public Task ForgetAsync(AttemptKey key, CancellationToken cancellationToken)
        => redis.RunAsync("DEL", database => database.KeyDeleteAsync(Name(key)), cancellationToken);

    private Task<RedisResult> EvaluateAsync(string script, AttemptKey key, long argument, CancellationToken cancellationToken)
        => redis.RunAsync("EVALSHA", database => database.ScriptEvaluateAsync(script, [Name(key)], [argument]), cancellationToken);

    private static RedisKey Name(AttemptKey key) => "identity:attempts:" + key.Shared;
}
