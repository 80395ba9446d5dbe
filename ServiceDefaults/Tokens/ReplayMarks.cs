using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SecureShop.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>What may be used once, by whichever replica it reaches: proofs and assertions that somebody may have copied on their way.</summary>
public sealed class ReplayMarks(ShopRedis redis)
{
    /// <summary>Longer ids are refused.</summary>
    public const int MaxIdLength = 256;

    /// <summary>Whether <paramref name="id"/> was not used before. It is from now on.</summary>
    /// <param name="kind">What is used, a word of ours.</param>
    /// <param name="owner">Whose it is: ids are unique per owner.</param>
    /// <param name="id">Its id, as the owner chose it. One that is empty or too long is as good as used.</param>
    /// <param name="keep">How long it would be good otherwise.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    /// <exception cref="ReplayMarksUnavailableException">Redis does not answer.</exception>
    public async Task<bool> TryUseAsync(string kind, string owner, string id, TimeSpan keep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length is 0 or > MaxIdLength)
            return false;

        // Hashed: who the owner is and what they did is nothing for Redis, and names stay short.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner}\n{id}"));
        RedisKey key = $"used:{kind}:{Base64Url.EncodeToString(hash)}";
        try
        {
            // One step: of copies that race, asking first and writing then would let several pass.
            return await redis.RunAsync("SET", database => database.StringSetAsync(key, RedisValue.EmptyString, keep, When.NotExists), cancellationToken);
        }
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
        {
            throw new ReplayMarksUnavailableException("Redis does not say whether this was used before.", failure);
        }
    }
}

/// <summary>
/// Nobody can tell whether something was used before, so it must not be used: answered with 503, and
/// <c>temporarily_unavailable</c> where the protocol wants a word. Nothing is wrong with what the caller sent.
/// </summary>
public sealed class ReplayMarksUnavailableException(string message, Exception inner) : Exception(message, inner);
