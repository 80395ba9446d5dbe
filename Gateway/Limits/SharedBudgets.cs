using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SecureShop.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace SecureShop.Gateway.Limits;

/// <summary>
/// What callers owe, in Redis and so for all replicas. One number for each caller and limit, until when it owes; the key is gone when
/// nothing is owed. So there are never more keys than requests were admitted within the last interval or so, whoever makes up callers.
/// </summary>
internal sealed class SharedBudgets(ShopRedis redis, string space)
{
    // One step: of requests that race none sees what another is about to spend. All limits are asked first, and then all are spent
    // or none. By the clock of Redis, because the replicas' may differ. Permits ahead are given while half of the burst is left.
    private const string Script = """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local owed, refused = {}, 0
        for i, key in ipairs(KEYS) do
            local cost, capacity = tonumber(ARGV[i * 4 - 3]), tonumber(ARGV[i * 4 - 2])
            owed[i] = math.max(tonumber(redis.call('GET', key) or '0') - now, 0)
            if owed[i] + cost > capacity then refused = 1 end
        end
        local answer = { refused }
        for i, key in ipairs(KEYS) do
            local cost, capacity = tonumber(ARGV[i * 4 - 3]), tonumber(ARGV[i * 4 - 2])
            local interval, wanted = tonumber(ARGV[i * 4 - 1]), tonumber(ARGV[i * 4])
            local ahead = 0
            if refused == 0 then
                ahead = math.max(0, math.min(wanted, math.floor((capacity / 2 - owed[i] - cost) / interval)))
                owed[i] = owed[i] + cost + ahead * interval
                redis.call('SET', key, string.format('%.0f', now + owed[i]), 'PX', string.format('%.0f', math.ceil(owed[i] / 1000)))
            end
            answer[i * 2] = owed[i]
            answer[i * 2 + 1] = ahead
        end
        return answer
        """;

    // The tag in braces has all keys in one slot: on a cluster a script may touch no two, and an address and a person are in one request.
    private readonly string prefix = $"limits:{{{space}}}:";

    /// <summary>Whether there are answers to be had at the moment.</summary>
    public bool AreAway => redis.IsResting;

    /// <summary>Spends all of <paramref name="claims"/> or nothing, and tells what is owed afterwards.</summary>
    /// <exception cref="Exception">Redis does not answer (<see cref="ShopRedis.IsOutage"/>).</exception>
    public async Task<(bool Granted, Debt[] Debts)> SpendAsync(IReadOnlyList<Claim> claims, int[] ahead)
    {
        var keys = new RedisKey[claims.Count];
        var values = new RedisValue[claims.Count * 4];
        for (var index = 0; index < claims.Count; index++)
        {
            var (limit, caller, cost, _) = claims[index];
            keys[index] = NameOf(limit, caller);
            (values[index * 4], values[(index * 4) + 1]) = (cost, limit.Capacity);
            (values[(index * 4) + 2], values[(index * 4) + 3]) = (limit.Interval, ahead[index]);
        }

        // A caller who leaves is counted all the same.
        var answer = (RedisResult[]?)await redis.RunAsync("EVALSHA", database => database.ScriptEvaluateAsync(Script, keys, values), CancellationToken.None)
            ?? throw new InvalidOperationException("The limits gave no answer.");
        var debts = new Debt[claims.Count];
        for (var index = 0; index < debts.Length; index++)
            debts[index] = new((long)answer[(index * 2) + 1], (int)answer[(index * 2) + 2]);
        return ((int)answer[0] == 0, debts);
    }

    /// <summary>Hashed: who calls is nothing for Redis, and names stay short.</summary>
    private string NameOf(Limit limit, string caller)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(caller), hash);
        return $"{prefix}{limit.Name}:{Base64Url.EncodeToString(hash[..16])}";
    }
}
