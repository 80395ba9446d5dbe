using Microsoft.Extensions.Time.Testing;
using SecureShop.Gateway.Limits;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Gateway.Tests;

/// <summary>What is taken ahead, and what is counted without Redis, never adds up to more than the limit.</summary>
public sealed class LocalBudgetTests
{
    private static readonly Limit Limit = new("test", new() { Permits = 100, Burst = 100, Window = TimeSpan.FromSeconds(100) });

    private static long Cost => Limit.CostOf(LimitClass.Read);

    /// <summary>
    /// Four replicas and what they owe together, in a time of their own. What passed is counted as if no replica had ever taken
    /// anything ahead: that count must never be over the limit, at no moment.
    /// </summary>
    [Fact]
    [Trait("Practice", "P27")]
    public void Batches_of_several_replicas_never_add_up_to_more_than_the_limit_at_any_moment()
    {
        // The same every time: a failure can be had again.
        var seed = 7ul;
        long Any(long below) => (long)((seed = (seed * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407) >> 33) % below;
        var (local, ahead) = (0, 0);
        for (var run = 0; run < 300; run++)
        {
            var replicas = Enumerable.Range(0, 4).Select(_ => new LocalBudget()).ToArray();
            var (now, shared, actual) = (0L, 0L, 0L);
            for (var step = 0; step < 300; step++)
            {
                // Rests of up to a window, and floods in between.
                now += Any(10) == 0 ? Any(Limit.Capacity) : Any(Cost / 4);
                var replica = replicas[Any((run % 4) + 1)];
                var taken = replica.TryTake(Limit, Cost, now) is not null;
                local += taken ? 1 : 0;
                if (!taken)
                {
                    var sent = now - Any(Cost / 2);
                    var asked = replica.BeginAsking(Limit) > 0;
                    shared = Math.Max(shared, now);
                    taken = shared - now + Cost <= Limit.Capacity;
                    var extra = taken && asked ? (int)Math.Clamp(((Limit.Capacity / 2) - (shared - now) - Cost) / Limit.Interval, 0, Limit.Ahead) : 0;
                    shared += taken ? Cost + (extra * Limit.Interval) : 0;
                    ahead += extra;
                    replica.EndAsking(asked, new(shared - now, extra), sent);
                }

                actual = Math.Max(actual, now) + (taken ? Cost : 0);
                Assert.True(actual - now <= Limit.Capacity, $"Over the limit in run {run}, step {step}.");
            }
        }

        Assert.InRange(local, ahead / 4, ahead);
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void What_is_given_back_after_a_new_batch_is_not_added_to_that()
    {
        var budget = new LocalBudget();
        budget.EndAsking(asked: true, new(7 * Cost, 6), sent: 0);
        var old = budget.TryTake(Limit, 6 * Cost, now: 0);
        budget.EndAsking(asked: true, new(14 * Cost, 6), sent: 0);
        budget.GiveBack(Limit, 6 * Cost, old!.Value);
        Assert.Equal(6 * Cost, budget.Look(Limit, now: 0).Held);
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void Of_those_that_race_one_asks_for_more()
    {
        var budget = new LocalBudget();
        Assert.Equal([6, 0, 0], Enumerable.Range(0, 3).Select(_ => budget.BeginAsking(Limit)));
        budget.EndAsking(asked: true, answer: null, sent: 0);
        Assert.Equal(6, budget.BeginAsking(Limit));
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void A_share_is_the_limit_divided_by_the_replicas_and_nothing_is_spent_where_one_limit_refuses()
    {
        var clock = new FakeTimeProvider();
        var shares = new LocalShares(clock, replicas: 20);
        Claim[] both = [Claim("alice"), Claim("203.0.113.7")];
        Assert.Equal(5, Enumerable.Range(0, 50).Count(_ => shares.Spend(both, _ => 0).Granted));
        Assert.False(shares.Spend([Claim("bob"), Claim("203.0.113.7")], _ => 0).Granted);
        Assert.Equal(5, Enumerable.Range(0, 50).Count(_ => shares.Spend([Claim("bob")], _ => 0).Granted));
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(1, Enumerable.Range(0, 50).Count(_ => shares.Spend(both, _ => 0).Granted));

        // Redis said before it went that nothing is left.
        Assert.False(shares.Spend([Claim("eve")], _ => Limit.Capacity).Granted);
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void A_flood_of_callers_shares_one_share_and_does_not_push_out_those_who_were_here()
    {
        var clock = new FakeTimeProvider();
        var shares = new LocalShares(clock, replicas: 50, capacity: 3);
        foreach (var known in (string[])["a", "b", "c"])
            Assert.True(shares.Spend([Claim(known)], _ => 0).Granted);
        Assert.Equal(2, Enumerable.Range(0, 50).Count(number => shares.Spend([Claim($"flood-{number}")], _ => 0).Granted));
        Assert.True(shares.Spend([Claim("a")], _ => 0).Granted);

        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(3, new[] { "x", "y", "z" }.Count(fresh => shares.Spend([Claim(fresh)], _ => 0).Granted && shares.Spend([Claim(fresh)], _ => 0).Granted));
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void Whoever_owns_a_48_is_one_caller_once_the_table_is_full_and_newcomers_from_elsewhere_are_served()
    {
        var shares = new LocalShares(new FakeTimeProvider(), replicas: 50, capacity: 1_000);
        bool Passes(string address) => shares.Spend([Claim(AddressPrefix.Name(System.Net.IPAddress.Parse(address)))], _ => 0).Granted;
        Assert.True(Passes("203.0.113.7"));

        var granted = Enumerable.Range(0, 20_000).Count(number => Passes($"2001:db8:aaaa:{number:x}::1"));
        Assert.InRange(granted, 1, 1_002);
        foreach (var newcomer in (string[])["203.0.113.7", "203.0.113.8", "2001:db8:aaab::1", "2a00::1"])
            Assert.True(Passes(newcomer));
        Assert.True(shares.Spend([Claim("sub:alice")], _ => 0).Granted);
        Assert.False(Passes("2001:db8:aaaa:ffff::1"));
    }

    private static Claim Claim(string caller) => new(Limit, caller, Cost, Local: null);
}
