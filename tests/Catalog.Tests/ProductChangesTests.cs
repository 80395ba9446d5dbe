using Microsoft.Extensions.Time.Testing;
using SecureShop.Catalog.GuestCache;

namespace SecureShop.Catalog.Tests;

/// <summary>What a replica has heard, by a clock that stands still: how old an answer may be, and under which count it is found.</summary>
[Trait("Practice", "P38")]
public sealed class ProductChangesTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void It_is_current_for_two_seconds_after_a_question_that_was_answered()
    {
        var changes = new ProductChanges(clock);
        Assert.False(changes.IsCurrent);
        var asked = clock.GetTimestamp();

        // From the question on, however long the answer takes.
        clock.Advance(TimeSpan.FromSeconds(1.5));
        changes.Heard(asked);
        Assert.True(changes.IsCurrent);
        clock.Advance(TimeSpan.FromSeconds(0.499));
        Assert.True(changes.IsCurrent);
        clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.False(changes.IsCurrent);

        changes.Heard(clock.GetTimestamp());
        Assert.True(changes.IsCurrent);
        changes.Lost();
        Assert.False(changes.IsCurrent);
    }

    [Fact]
    public void What_was_read_before_a_change_is_not_found_after_it()
    {
        var changes = new ProductChanges(clock);
        var (one, other) = (new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]));
        var before = (changes.CountOf(one), changes.CountOf(other), changes.CountOf(product: null));
        changes.Changed(one);
        Assert.NotEqual(before.Item1, changes.CountOf(one));
        Assert.Equal(before.Item2, changes.CountOf(other));
        Assert.NotEqual(before.Item3, changes.CountOf(product: null));

        // What nobody heard may have been any of them.
        before = (changes.CountOf(one), changes.CountOf(other), changes.CountOf(product: null));
        changes.Missed();
        Assert.NotEqual(before.Item1, changes.CountOf(one));
        Assert.NotEqual(before.Item2, changes.CountOf(other));
        Assert.NotEqual(before.Item3, changes.CountOf(product: null));
    }
}
