using System.Net;
using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A table that is full counts coarser where it is full of, and nowhere else.</summary>
[Trait("Practice", "P27")]
public sealed class BoundedCountersTests
{
    private const int Capacity = 1_000;

    private readonly FakeTimeProvider clock = new();
    private readonly BoundedCounters<Counter> counters;

    public BoundedCountersTests() => counters = new(clock, Capacity);

    public static TheoryData<string, string, string[]> Floods => new()
    {
        { "2001:db8:aaaa::/48", "2001:db8:aaab:1::1", ["2001:db8:aaac::1", "2001:db8::1", "2a00::1", "203.0.113.7"] },
        { "2001:db8:aa00::/40", "2001:db8:ab00:1::1", ["2001:db8:bb00::1", "2a00::1", "203.0.113.7"] },
        { "2001:db8::/32", "2001:dba::1", ["2001:db9::1", "2a00::1", "203.0.113.7"] },
        { "198.51.0.0/16", "198.50.7.7", ["198.52.0.1", "203.0.113.7", "2001:db8::1"] },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void Whoever_owns_a_network_is_one_caller_of_many_and_all_others_keep_their_own_counters(string network, string neighbour, string[] others)
    {
        var known = others.Select(other => counters.Find(Key(other))).ToList();
        var seen = Addresses(network, 20 * Capacity).Select(address => counters.Find(Key(address))).ToList();

        // As many as fitted at first, and one for all the rest; a newcomer from elsewhere, even from next door, has its own.
        Assert.InRange(seen.Distinct().Count(), 1, Capacity + 1);
        Assert.Single(seen.TakeLast(18 * Capacity).Distinct());
        Assert.Equal(known, others.Select(other => counters.Find(Key(other))));
        foreach (var newcomer in (string[])[neighbour, "2a02:1::1", "192.0.2.9", "198.53.7.7"])
        {
            var own = counters.Find(Key(newcomer));
            Assert.NotSame(seen[^1], own);
            Assert.Same(own, counters.Find(Key(newcomer)));
            Assert.DoesNotContain(own, known);
        }
    }

    [Fact]
    public void Addresses_from_everywhere_are_counted_by_the_widest_networks_and_the_table_never_grows()
    {
        var seen = new HashSet<Counter>(ReferenceEqualityComparer.Instance);
        for (var time = 0; time < 30 * Capacity; time++)
        {
            seen.Add(counters.Find(Key(new IPAddress(unchecked((uint)time * 2_654_435_761)).ToString())));
            Assert.InRange(counters.Count, 1, Capacity);
        }

        Assert.InRange(seen.Count, Capacity, 30 * Capacity);
    }

    [Fact]
    public void Other_kinds_and_keys_that_name_no_address_are_not_drawn_in()
    {
        var write = counters.Find("write|2001:db8:aaaa:1::");
        var person = counters.Find("read|sub:alice");
        foreach (var address in Addresses("2001:db8:aaaa::/48", 5 * Capacity))
            counters.Find(Key(address));
        Assert.Same(write, counters.Find("write|2001:db8:aaaa:1::"));
        Assert.Same(person, counters.Find("read|sub:alice"));
        Assert.NotSame(counters.Find("read|sub:bob"), counters.Find("read|sub:carol"));
    }

    [Fact]
    public void When_the_flood_is_over_everybody_counts_alone_again()
    {
        foreach (var address in Addresses("2001:db8:aaaa::/48", 5 * Capacity))
            counters.Find(Key(address));
        Assert.Same(counters.Find(Key("2001:db8:aaaa:1::")), counters.Find(Key("2001:db8:aaaa:2::")));

        foreach (var _ in (int[])[1, 2])
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            counters.Find(Key("203.0.113.7"));
        }

        Assert.NotSame(counters.Find(Key("2001:db8:aaaa:1::")), counters.Find(Key("2001:db8:aaaa:2::")));
        Assert.InRange(counters.Count, 1, 3);
    }

    [Fact]
    public async Task Many_at_once_find_one_counter_each_and_the_table_stays_bounded()
    {
        await Parallel.ForAsync(0, 8, (part, _) =>
        {
            foreach (var address in Addresses($"2001:db8:{part}::/48", 3 * Capacity))
                counters.Find(Key(address));
            return ValueTask.CompletedTask;
        });
        Assert.InRange(counters.Count, 1, Capacity);
        var found = new System.Collections.Concurrent.ConcurrentBag<Counter>();
        await Parallel.ForAsync(0, 64, (_, _) =>
        {
            found.Add(counters.Find(Key("192.0.2.1")));
            return ValueTask.CompletedTask;
        });
        Assert.Single(found.Distinct());
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::", "fe80::/64")]
    [InlineData("203.0.113.7", "203.0.113.7", "203.0.113.7/32")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7/32")]
    [InlineData("::1", "::", "::/64")]
    [Trait("Practice", "P28")]
    public void An_address_is_counted_by_its_network(string address, string name, string network)
    {
        Assert.Equal(name, AddressPrefix.Name(IPAddress.Parse(address)));
        Assert.Equal(network, AddressPrefix.Of(IPAddress.Parse(address)).ToString());
    }

    private static string Key(string address) => $"read|{AddressPrefix.Name(IPAddress.Parse(address))}";

    /// <summary>So many callers out of a network, spread over all of it.</summary>
    private static IEnumerable<string> Addresses(string network, int count)
    {
        var parsed = IPNetwork.Parse(network);
        var bytes = parsed.BaseAddress.GetAddressBytes();
        var last = Math.Min(bytes.Length, 8);
        var free = (last * 8) - parsed.PrefixLength;
        for (var number = 0L; number < count; number++)
        {
            var own = (byte[])bytes.Clone();
            var bits = number * 2_654_435_761 % (1L << free);
            for (var index = last - 1; index >= parsed.PrefixLength / 8; index--, bits >>= 8)
                own[index] = (byte)bits;
            yield return new IPAddress(own).ToString();
        }
    }

    private sealed class Counter : IBoundedCounter
    {
        private bool asked;

        // Over at the second sweep.
        public bool TryRetire(long now) => asked || !(asked = true);
    }
}
