using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Personal;

/// <summary>Sealing by itself: what opens, where, and with which key.</summary>
[Trait("Practice", "P21")]
public sealed class SealTests
{
    private const string Schema = "orders";
    private static readonly SealedField Place = new("order_deliveries", Guid.CreateVersion7(), "Note");

    private static byte[] Key() => RandomNumberGenerator.GetBytes(Seal.KeyLength);

    private static string MasterKey() => Convert.ToBase64String(Key());

    private static MasterKeys Masters(params string[] keys) => new(Options.Create(new SealingOptions { MasterKeys = keys }));

    [Fact]
    public void What_is_closed_opens_whatever_it_was_and_never_looks_the_same()
    {
        using var seal = new PersonalSeal(Key(), Schema, "alice", () => Assert.Fail("It is whole."));
        foreach (var length in Enumerable.Range(0, 40).Append(5_000))
        {
            var text = string.Concat(Enumerable.Repeat("å€😀x\n", length))[..length];
            var (one, two) = (seal.Close(Place, text)!, seal.Close(Place, text)!);
            Assert.Equal(text.Length == 0 || !char.IsHighSurrogate(text[^1]) ? text : text[..^1] + "\uFFFD", seal.Open(Place, one));

            // Another nonce each time, and so all else.
            Assert.NotEqual(one[1..13], two[1..13]);
            Assert.NotEqual(one[^16..], two[^16..]);
            Assert.Equal(Encoding.UTF8.GetByteCount(text) + Seal.Overhead, one.Length);
        }

        Assert.Null(seal.Close(Place, null));
        Assert.Null(seal.Open(Place, null));
    }

    [Fact]
    public void It_opens_at_its_own_place_with_its_own_key_and_nowhere_else()
    {
        var key = Key();
        using var seal = new PersonalSeal(key, Schema, "alice", () => { });
        var closed = seal.Close(Place, "violet harbour")!;
        Assert.Equal("violet harbour", seal.Open(Place, closed));

        foreach (var other in (SealedField[])[Place with { Table = "orders" }, Place with { Row = Guid.CreateVersion7() }, Place with { Field = "City" }])
            Assert.Throws<BrokenSealException>(() => seal.Open(other, closed));
        foreach (var (schema, owner, bytes) in new[] { ("catalog", "alice", key), (Schema, "bob", key), (Schema, "alice", Key()) })
        {
            var told = 0;
            using var other = new PersonalSeal(bytes, schema, owner, () => told++);
            Assert.Throws<BrokenSealException>(() => other.Open(Place, closed));
            Assert.Equal(1, told);
        }
    }

    [Fact]
    public void A_changed_byte_anywhere_and_a_cut_anywhere_is_found()
    {
        var key = Key();
        var place = Seal.Place("a");
        var closed = Seal.Close(key, "violet harbour"u8, place);
        for (var at = 0; at < closed.Length; at++)
        {
            foreach (var bit in (byte[])[1, 128])
            {
                var changed = closed.ToArray();
                changed[at] ^= bit;
                Assert.Null(Seal.Open(key, changed, place));
            }

            Assert.Null(Seal.Open(key, closed.AsSpan(0, at), place));
        }

        Assert.Null(Seal.Open(key, [.. closed, 0], place));
        Assert.Equal("violet harbour"u8.ToArray(), Seal.Open(key, closed, place));
    }

    [Fact]
    public void No_two_places_read_the_same()
    {
        byte[][] places = [Seal.Place("ab", "c"), Seal.Place("a", "bc"), Seal.Place("abc"), Seal.Place("abc", ""), Seal.Place("", "abc"), Seal.Place("ABC")];
        Assert.Equal(places.Length, places.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_fingerprint_is_of_one_content_one_purpose_and_one_person()
    {
        var key = Key();
        using var seal = new PersonalSeal(key, Schema, "alice", () => { });
        using var again = new PersonalSeal(key, Schema, "alice", () => { });
        using var other = new PersonalSeal(Key(), Schema, "alice", () => { });
        var hash = seal.Fingerprint("order request", "one");
        Assert.Equal(hash, again.Fingerprint("order request", "one"));
        Assert.Equal(32, hash.Length);
        foreach (var different in (byte[][])[seal.Fingerprint("order request", "two"), seal.Fingerprint("another", "one"), other.Fingerprint("order request", "one"), SHA256.HashData("one"u8)])
            Assert.NotEqual(hash, different);
    }

    [Fact]
    public void A_master_key_unwraps_what_it_wrapped_for_the_same_person_and_schema()
    {
        var (first, second) = (MasterKey(), MasterKey());
        using var before = Masters(first);
        using var both = Masters(second, first);
        var key = Key();
        var wrapped = before.Wrap(key, Schema, "alice");

        Assert.Equal(key, both.Unwrap(wrapped, before.Current, Schema, "alice"));
        Assert.Null(both.Unwrap(wrapped, before.Current, Schema, "bob"));
        Assert.Null(both.Unwrap(wrapped, before.Current, "catalog", "alice"));
        Assert.Null(both.Unwrap(wrapped, both.Current, Schema, "alice"));
        Assert.Null(before.Unwrap(before.Wrap(key.AsSpan(1), Schema, "alice"), before.Current, Schema, "alice"));
        Assert.Equal([before.Current], both.Earlier);
        Assert.NotEqual(before.Current, both.Current);
        Assert.Equal(key, both.Unwrap(both.Wrap(key, Schema, "alice"), both.Current, Schema, "alice"));
        Assert.True(both.Knows(before.Current) && !before.Knows(both.Current) && before.Knows(before.Current));
        Assert.Equal(MasterKeys.IdLength, before.Current.Length);
        Assert.DoesNotContain(Convert.ToHexStringLower(Convert.FromBase64String(first)), before.Current, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Practice", "P40")]
    [InlineData("Sealing__MasterKeys__0")]
    [InlineData("Sealing__MasterKeys__0", "")]
    [InlineData("Sealing__MasterKeys__0", "short")]
    [InlineData("Sealing__MasterKeys__0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Sealing__MasterKeys__0", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeA==")]
    [InlineData("Sealing__MasterKeys__0", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrzQ==")]
    [InlineData("Sealing__MasterKeys__1", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", "not Base64 at all, and 44 characters long ok")]
    [InlineData("Sealing__MasterKeys__1", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")]
    public void A_master_key_that_is_none_stops_the_start_and_the_message_says_the_mend_and_not_the_key(string names, params string[] keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var result = new SealingOptions.Validator().Validate(null, new() { MasterKeys = keys });
        Assert.True(result.Failed);
        Assert.Contains(names, result.FailureMessage, StringComparison.Ordinal);
        Assert.StartsWith("Set ", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(keys.Where(key => key.Length > 0), key => result.FailureMessage.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Good_master_keys_are_taken() => Assert.True(new SealingOptions.Validator().Validate(null, new() { MasterKeys = [MasterKey(), MasterKey(), MasterKey()] }).Succeeded);

    [Fact]
    public void Unwrapped_keys_are_kept_for_seconds_and_so_many_alone()
    {
        var clock = new TestClock();
        clock.Stop();
        using var cache = new KeyCache(clock);
        var (kept, key) = (new byte[Seal.KeyLength], Key());
        cache.Add("alice", key);
        Assert.True(cache.TryCopy("alice", kept));
        Assert.Equal(key, kept);
        Assert.False(cache.TryCopy("Alice", kept));

        clock.Advance(KeyCache.Lifetime - TimeSpan.FromTicks(1));
        Assert.True(cache.TryCopy("alice", kept));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(cache.TryCopy("alice", kept));
        cache.RemoveExpired();
        Assert.Equal(0, cache.Count);

        // A second one takes the place of the first; the first one's turn takes nothing of it.
        cache.Add("alice", Key());
        clock.Advance(KeyCache.Lifetime / 2);
        cache.Add("alice", key);
        clock.Advance(KeyCache.Lifetime / 2);
        cache.RemoveExpired();
        Assert.True(cache.TryCopy("alice", kept));
        Assert.Equal(key, kept);
        cache.Remove("alice");
        Assert.False(cache.TryCopy("alice", kept));

        for (var number = 0; number < KeyCache.Capacity + 5; number++)
            cache.Add($"{number}", key);
        Assert.InRange(cache.Count, KeyCache.Capacity - 5, KeyCache.Capacity);
        Assert.False(cache.TryCopy("0", kept));
        Assert.True(cache.TryCopy($"{KeyCache.Capacity + 4}", kept));
    }
}
