using Microsoft.Extensions.Time.Testing;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Identity.Tests;

/// <summary>Counting without Redis: whoever fills the tables shuts out nobody but itself.</summary>
public sealed class LocalAttemptCounterTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private readonly FakeTimeProvider clock = new();
    private readonly LocalAttemptCounter counter;

    public LocalAttemptCounterTests() => counter = new(clock, maxKeys: 1_000);

    [Theory]
    [Trait("Practice", "P09")]
    [InlineData("n")]
    [InlineData("r")]
    public void A_48_that_fills_the_table_is_counted_as_one_and_others_still_come_in(string kind)
    {
        Assert.Equal(1, Add($"{kind}|203.0.113.7"));
        var counts = new List<long>();
        for (var number = 0; number < 5_000; number++)
            counts.Add(Add($"{kind}|2001:db8:aaaa:{number:x}::"));
        Assert.True(counts[^1] >= 4_000);

        Assert.Equal(2, Add($"{kind}|203.0.113.7"));
        Assert.Equal(1, Add($"{kind}|203.0.113.8"));
        Assert.Equal(1, Add($"{kind}|2001:db8:aaab:1::"));

        // One that is taken back is taken from the network.
        counter.TakeBack($"{kind}|2001:db8:aaaa:9999::", all: false);
        Assert.Equal(counts[^1], Add($"{kind}|2001:db8:aaaa:8888::"));
    }

    [Fact]
    [Trait("Practice", "P09")]
    public void Made_up_accounts_crowd_out_neither_addresses_nor_who_has_shown_something_and_what_finds_no_place_soon_waits()
    {
        for (var number = 0; number < 5_000; number++)
            Add($"a|n|{number:x32}");

        // By the issue these fail closed: there is no lockout in Postgres that would count them.
        var counts = new List<long>();
        for (var attempt = 0; attempt < 20; attempt++)
            counts.Add(Add($"a|n|a-real-one-{attempt}"));
        Assert.All(counts, count => Assert.True(count > Limits.PerAccount));

        // A known device, a password within a session, a network address, and an account that was there before.
        Assert.Equal(1, Add("p|d|a-known-device"));
        Assert.Equal(2, Add("p|d|a-known-device"));
        Assert.Equal(1, Add("p|p|a-real-one"));
        Assert.Equal(1, Add("n|203.0.113.7"));
        Assert.Equal(2, Add($"a|n|{7:x32}"));

        clock.Advance(Window);
        Assert.Equal(1, Add("a|n|a-real-one"));
        Assert.Equal(2, Add("a|n|a-real-one"));
        counter.TakeBack("a|n|a-real-one", all: true);
        Assert.Equal(1, Add("a|n|a-real-one"));
    }

    private long Add(string key) => counter.Add(key, Window).Attempts;
}
