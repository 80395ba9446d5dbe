using Microsoft.Extensions.Time.Testing;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Tests.Support;

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
    public async Task A_48_that_fills_the_table_is_counted_as_one_and_others_still_come_in(string kind)
    {
        Assert.Equal(1, await AddAsync($"{kind}|203.0.113.7"));
        var counts = new List<long>();
        for (var number = 0; number < 5_000; number++)
            counts.Add(await AddAsync($"{kind}|2001:db8:aaaa:{number:x}::"));
        Assert.True(counts[^1] >= 4_000);

        Assert.Equal(2, await AddAsync($"{kind}|203.0.113.7"));
        Assert.Equal(1, await AddAsync($"{kind}|203.0.113.8"));
        Assert.Equal(1, await AddAsync($"{kind}|2001:db8:aaab:1::"));

        // One that is taken back is taken from the network.
        await counter.TakeBackAsync(Key($"{kind}|2001:db8:aaaa:9999::"), TestContext.Current.CancellationToken);
        Assert.Equal(counts[^1], await AddAsync($"{kind}|2001:db8:aaaa:8888::"));
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Made_up_accounts_crowd_out_neither_addresses_nor_who_has_shown_something_and_what_finds_no_place_soon_waits()
    {
        for (var number = 0; number < 5_000; number++)
            await AddAsync($"a|n|{number:x32}");

        // By the issue these fail closed: there is no lockout in Postgres that would count them.
        var counts = new List<long>();
        for (var attempt = 0; attempt < 20; attempt++)
            counts.Add(await AddAsync($"a|n|a-real-one-{attempt}"));
        Assert.All(counts, count => Assert.True(count > Limits.PerAccount));

        // A known device, a password within a session, a network address, and an account that was there before.
        Assert.Equal(1, await AddAsync("p|d|a-known-device"));
        Assert.Equal(2, await AddAsync("p|d|a-known-device"));
        Assert.Equal(1, await AddAsync("p|p|a-real-one"));
        Assert.Equal(1, await AddAsync("n|203.0.113.7"));
        Assert.Equal(2, await AddAsync($"a|n|{7:x32}"));

        clock.Advance(Window);
        Assert.Equal(1, await AddAsync("a|n|a-real-one"));
        Assert.Equal(2, await AddAsync("a|n|a-real-one"));
        await counter.ForgetAsync(Key("a|n|a-real-one"), TestContext.Current.CancellationToken);
        Assert.Equal(1, await AddAsync("a|n|a-real-one"));
    }

    private async Task<long> AddAsync(string key) => (await counter.AddAsync(Key(key), Window, TestContext.Current.CancellationToken)).Attempts;

    private static AttemptKey Key(string key) => new("unused", key);
}
