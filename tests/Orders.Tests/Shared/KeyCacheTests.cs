using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Tests.Shared;

/// <summary>How long unwrapped keys are in memory, and how many.</summary>
[Trait("Practice", "P40")]
public sealed class KeyCacheTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly byte[] found = new byte[Seal.KeyLength];

    private static byte[] Key() => RandomNumberGenerator.GetBytes(Seal.KeyLength);

    [Fact]
    public void What_nobody_asks_for_goes_by_itself()
    {
        using var cache = new KeyCache(clock);
        cache.Add("alice", Key());
        clock.Advance(KeyCache.Lifetime / 2);
        cache.Add("bob", Key());
        Assert.Equal(2, cache.Count);
        clock.Advance(KeyCache.Lifetime / 2);
        Assert.Equal(1, cache.Count);
        Assert.True(cache.TryCopy("bob", found));
        clock.Advance(KeyCache.Lifetime);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void The_one_that_came_first_makes_room_and_no_other()
    {
        using var cache = new KeyCache(clock);
        for (var number = 0; number < KeyCache.Capacity; number++)
            cache.Add($"{number}", Key());
        Assert.Equal(1_024, cache.Count);
        Assert.True(cache.TryCopy("0", found));

        cache.Add("one more", Key());
        Assert.Equal(KeyCache.Capacity, cache.Count);
        Assert.False(cache.TryCopy("0", found));
        Assert.True(cache.TryCopy("1", found));
        Assert.True(cache.TryCopy("one more", found));
    }

    [Fact]
    public void A_key_is_copied_in_and_out_and_a_newer_one_takes_its_place()
    {
        using var cache = new KeyCache(clock);
        var (first, second) = (Key(), Key());
        var given = first.ToArray();
        cache.Add("alice", given);
        CryptographicOperations.ZeroMemory(given);
        Assert.True(cache.TryCopy("alice", found));
        Assert.Equal(first, found);
        CryptographicOperations.ZeroMemory(found);
        Assert.True(cache.TryCopy("alice", found));
        Assert.Equal(first, found);

        cache.Add("alice", second);
        Assert.Equal(1, cache.Count);
        Assert.True(cache.TryCopy("alice", found));
        Assert.Equal(second, found);
        cache.Remove("bob");
        Assert.Equal(1, cache.Count);
        cache.Remove("alice");
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void The_turn_of_one_that_was_replaced_takes_nothing_of_the_new_one()
    {
        using var cache = new KeyCache(clock);
        cache.Add("alice", Key());
        clock.Advance(KeyCache.Lifetime - TimeSpan.FromSeconds(1));
        cache.Add("alice", Key());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(cache.TryCopy("alice", found));
        clock.Advance(KeyCache.Lifetime - TimeSpan.FromSeconds(1));
        Assert.False(cache.TryCopy("alice", found));
    }

    [Fact]
    public void With_the_service_all_go()
    {
        var cache = new KeyCache(clock);
        cache.Add("alice", Key());
        cache.Dispose();
        Assert.Equal(0, cache.Count);
        Assert.False(cache.TryCopy("alice", found));

        // Nothing comes round any more.
        cache.Add("bob", Key());
        clock.Advance(KeyCache.Lifetime * 3);
        Assert.Equal(1, cache.Count);
    }
}
