using SecureShop.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults.Limits;

/// <summary>How many attempts a key has had in its window, and when the window ends.</summary>
/// <param name="Attempts">How many, with this one.</param>
/// <param name="Remaining">Until the window ends.</param>
public sealed record AttemptCount(long Attempts, TimeSpan Remaining);

/// <summary>Counts in Redis, together with all replicas; <see cref="LocalAttemptCounter"/> is for when that is away.</summary>
public sealed class SharedAttemptCounter(ShopRedis redis)
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

    /// <summary>Counts one attempt, in one step: those that race are all counted.</summary>
    public async Task<AttemptCount> AddAsync(string key, TimeSpan window, CancellationToken cancellationToken)
    {
        var result = (RedisResult[]?)await redis.RunAsync(
            "EVALSHA", database => database.ScriptEvaluateAsync(Add, [Name(key)], [(long)window.TotalMilliseconds]), cancellationToken)
            ?? throw new InvalidOperationException("The counter gave no answer.");
        return new((long)result[0], TimeSpan.FromMilliseconds((long)result[1]));
    }

    /// <summary>The last attempt does not count, or none so far does.</summary>
    public Task TakeBackAsync(string key, bool all, CancellationToken cancellationToken) => all
        ? redis.RunAsync("DEL", database => database.KeyDeleteAsync(Name(key)), cancellationToken)
        : redis.RunAsync("EVALSHA", database => database.ScriptEvaluateAsync(TakeBack, [Name(key)]), cancellationToken);

    private static RedisKey Name(string key) => "identity:attempts:" + key;
}
