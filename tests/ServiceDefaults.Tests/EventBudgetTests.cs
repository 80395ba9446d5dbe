using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class EventBudgetTests : IDisposable
{
    private static readonly EventId Refused = new(1, "Refused");
    private static readonly EventId Rejected = new(2, "Rejected");

    private readonly FakeTimeProvider clock = new();
    private readonly List<(string Kind, long Count)> told = [];
    private readonly EventBudget budget;

    public EventBudgetTests() => budget = new EventBudget(clock, (kind, count) => told.Add((kind, count)));

    public void Dispose() => budget.Dispose();

    [Fact]
    [Trait("Practice", "P33")]
    public void A_flood_of_events_is_cut_counted_and_told_once()
    {
        Assert.Equal(EventBudget.Burst, Enumerable.Range(0, 5000).Count(number => budget.TryTake(Refused, Address(number))));
        Assert.Empty(told);

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([("Refused", 5000 - EventBudget.Burst)], told);
        Assert.Equal(5 * EventBudget.PerSecond, Enumerable.Range(0, 5000).Count(number => budget.TryTake(Refused, Address(number))));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, told.Count);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void Below_the_bound_nothing_is_lost_and_what_was_lost_is_told_at_the_end()
    {
        for (var second = 0; second < 20; second++)
        {
            Assert.All(Enumerable.Range(0, EventBudget.PerSecond), number => Assert.True(budget.TryTake(Refused, Address(number))));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, Enumerable.Range(0, EventBudget.Burst + 3).Count(number => !budget.TryTake(Refused, Address(number))));
        budget.Dispose();
        Assert.Equal([("Refused", 3L)], told);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void One_caller_spends_neither_the_budget_of_others_nor_that_of_another_kind()
    {
        Assert.Equal(EventBudget.AddressBurst, Enumerable.Range(0, 5000).Count(_ => budget.TryTake(Refused, Address(1))));
        Assert.True(budget.TryTake(Refused, Address(2)));
        Assert.True(budget.TryTake(Rejected, Address(1)));
        Assert.True(budget.TryTake(Refused, null));

        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3 * EventBudget.AddressPerSecond, Enumerable.Range(0, 5000).Count(_ => budget.TryTake(Refused, Address(1))));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void A_kind_that_all_addresses_flood_leaves_the_others_theirs_and_each_is_told()
    {
        for (var number = 0; number < 5000; number++)
            _ = budget.TryTake(Refused, Address(number));
        Assert.True(budget.TryTake(Rejected, Address(1)));
        for (var number = 0; number < EventBudget.AddressBurst + 6; number++)
            _ = budget.TryTake(Rejected, Address(1));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([("Refused", 5000 - EventBudget.Burst), ("Rejected", 7L)], told.Order());
    }

    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::2")]
    [Trait("Practice", "P28")]
    public void One_caller_has_one_budget_whatever_address_of_its_own_it_takes(string one, string other)
    {
        Assert.Equal(
            EventBudget.AddressBurst,
            Enumerable.Range(0, 500).Count(number => budget.TryTake(Refused, IPAddress.Parse(number % 2 == 0 ? one : other))));
    }

    [Fact]
    [Trait("Practice", "P28")]
    public void Whoever_fills_the_table_is_counted_as_one_and_spends_its_own_budget_only()
    {
        // One /48 of IPv6: more networks than fit, all of them still in use.
        var granted = 0;
        for (var number = 0; number < EventBudget.MaxAddresses + 5000; number++)
        {
            granted += budget.TryTake(Rejected, IPAddress.Parse($"2001:db8:{number >> 16:x}:{number & 0xffff:x}::1")) ? 1 : 0;
            if (number % 100 == 0)
                clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(granted, EventBudget.Burst, EventBudget.Burst + 20);
        Assert.False(budget.TryTake(Rejected, IPAddress.Parse("2001:db8:0:ffff::1")));
        Assert.True(budget.TryTake(Rejected, IPAddress.Parse("2001:db8:1::1")));
        Assert.True(budget.TryTake(Rejected, IPAddress.Parse("2001:db9::1")));
        Assert.True(budget.TryTake(Rejected, IPAddress.Parse("198.51.100.1")));

        // Who has not been seen for a while makes room.
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(EventBudget.AddressBurst, Enumerable.Range(0, 500).Count(_ => budget.TryTake(Rejected, IPAddress.Parse("2001:db8:ffff:2::1"))));
        Assert.True(budget.TryTake(Rejected, IPAddress.Parse("2001:db8:ffff:3::1")));
    }

    private static IPAddress Address(int number) => IPAddress.Parse($"198.18.{number >> 8}.{number & 255}");
}
