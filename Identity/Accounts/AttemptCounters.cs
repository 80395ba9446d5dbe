using SecureShop.ServiceDefaults;
using StackExchange.Redis;

namespace SecureShop.Identity.Accounts;

/// <summary>How many attempts a key has had in its window, and when the window ends.</summary>
internal sealed record AttemptCount(long Attempts, TimeSpan Remaining);

internal interface IAttemptCounter
{
    /// <summary>Counts one attempt in one atomic step, before it is made: guesses that race are all counted.</summary>
    Task<AttemptCount> AddAsync(string key, TimeSpan window, CancellationToken cancellationToken);

    /// <summary>Takes one attempt back: it was no failure.</summary>
    Task TakeBackAsync(string key, CancellationToken cancellationToken);

    /// <summary>Forgets the key.</summary>
    Task ForgetAsync(string key, CancellationToken cancellationToken);
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

    public async Task<AttemptCount> AddAsync(string key, TimeSpan window, CancellationToken cancellationToken)
    {
        var result = (RedisResult[]?)await EvaluateAsync(Add, key, (long)window.TotalMilliseconds, cancellationToken)
            ?? throw new InvalidOperationException("The counter gave no answer.");
        return new((long)result[0], TimeSpan.FromMilliseconds((long)result[1]));
    }

    public Task TakeBackAsync(string key, CancellationToken cancellationToken) => EvaluateAsync(TakeBack, key, 0, cancellationToken);

    public Task ForgetAsync(string key, CancellationToken cancellationToken)
        => redis.RunAsync("DEL", database => database.KeyDeleteAsync(Name(key)), cancellationToken);

    private Task<RedisResult> EvaluateAsync(string script, string key, long argument, CancellationToken cancellationToken)
        => redis.RunAsync("EVALSHA", database => database.ScriptEvaluateAsync(script, [Name(key)], [argument]), cancellationToken);

    private static RedisKey Name(string key) => "identity:attempts:" + key;
}
