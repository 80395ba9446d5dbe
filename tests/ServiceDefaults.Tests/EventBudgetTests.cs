using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class EventBudgetTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    [Trait("Practice", "P33")]
    public void A_flood_of_events_is_cut_counted_and_told_once()
    {
        var told = new List<long>();
        using var budget = new EventBudget(clock, told.Add);
        Assert.Equal(EventBudget.Burst, Enumerable.Range(0, 5000).Count(_ => budget.TryTake()));
        Assert.Empty(told);

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([5000 - EventBudget.Burst], told);
        Assert.Equal(5 * EventBudget.PerSecond, Enumerable.Range(0, 5000).Count(_ => budget.TryTake()));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, told.Count);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void Below_the_bound_nothing_is_lost_and_what_was_lost_is_told_at_the_end()
    {
        var told = new List<long>();
        using (var budget = new EventBudget(clock, told.Add))
        {
            for (var second = 0; second < 20; second++)
            {
                Assert.All(Enumerable.Range(0, EventBudget.PerSecond), _ => Assert.True(budget.TryTake()));
                clock.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(3, Enumerable.Range(0, EventBudget.Burst + 3).Count(_ => !budget.TryTake()));
        }

        Assert.Equal([3L], told);
    }
}
