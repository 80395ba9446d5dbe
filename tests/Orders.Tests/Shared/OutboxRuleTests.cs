using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Tests.Shared;

/// <summary>Whose a message is, and when: what the dispatchers of all replicas go by.</summary>
[Trait("Practice", "P38")]
public sealed class OutboxRuleTests
{
    private static readonly OutboxOptions Settings = new() { Lease = TimeSpan.FromSeconds(45) };
    private readonly FakeTimeProvider clock = new(new(2026, 11, 28, 1, 2, 3, TimeSpan.Zero));
    private readonly OutboxMessages messages;

    public OutboxRuleTests() => messages = new(clock, Options.Create(Settings));

    private DateTimeOffset Now => clock.GetUtcNow();

    [Fact]
    public void A_new_message_is_its_makers_for_as_long_as_a_lease()
    {
        var subject = Guid.NewGuid();
        var message = messages.New("reserve", subject);
        Assert.Equal(("reserve", subject, Now, Now.AddSeconds(45)), (message.Kind, message.Subject, message.CreatedAt, message.NextAttemptAt));
        Assert.Equal((7, 0, 0, null), (message.Id.Version, message.Attempts, message.Failures, message.ParkedAt));
        Assert.True(message.IsLeased(Now));
        Assert.False(messages.TryLease(message));
        Assert.Equal(Now.AddSeconds(45), message.NextAttemptAt);

        // To the tick, and then whoever comes first has it as long.
        clock.Advance(TimeSpan.FromSeconds(45) - TimeSpan.FromMicroseconds(1));
        Assert.False(messages.TryLease(message));
        clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.False(message.IsLeased(Now));
        Assert.True(messages.TryLease(message));
        Assert.Equal(Now.AddSeconds(45), message.NextAttemptAt);
        Assert.False(messages.TryLease(message));
    }

    [Fact]
    public void What_is_put_off_comes_later_each_time_and_only_what_failed_counts_as_that()
    {
        var message = messages.New("reserve", Guid.NewGuid());
        messages.PutOff(message, failed: true);
        Assert.Equal((1, 1, Now.AddSeconds(2)), (message.Attempts, message.Failures, message.NextAttemptAt));
        messages.PutOff(message, failed: false);
        Assert.Equal((2, 1, Now.AddSeconds(4)), (message.Attempts, message.Failures, message.NextAttemptAt));
        messages.PutOff(message, failed: true);
        Assert.Equal((3, 2, Now.AddSeconds(8)), (message.Attempts, message.Failures, message.NextAttemptAt));
        Assert.Equal(TimeSpan.FromSeconds(8), messages.Wait(message));
        Assert.Equal(TimeSpan.FromSeconds(2), messages.Wait(null));
        Assert.False(messages.TryLease(message));
    }

    [Fact]
    public void Nobody_takes_what_is_parked_until_it_is_freed_and_then_it_begins_anew()
    {
        var message = messages.New("reserve", Guid.NewGuid());
        messages.PutOff(message, failed: true);
        message.Park(Now);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.False(messages.TryLease(message));
        Assert.NotNull(message.ParkedAt);

        message.Free(Now);
        Assert.Equal((0, 0, null, Now), (message.Attempts, message.Failures, message.ParkedAt, message.NextAttemptAt));
        Assert.True(messages.TryLease(message));
    }

    [Fact]
    public void Each_setting_has_its_bounds_and_its_mend()
    {
        Assert.Equal("Outbox", OutboxOptions.Section);
        Assert.Equal((30, 2, 60), (new OutboxOptions().Lease.TotalSeconds, new OutboxOptions().Interval.TotalSeconds, new OutboxOptions().LongestDelay.TotalSeconds));
        Good(Settings with { Lease = TimeSpan.FromSeconds(30) });
        Good(Settings with { BatchSize = 1, MaxFailures = 1, Interval = TimeSpan.FromTicks(1), LongestDelay = TimeSpan.FromTicks(1) });
        Good(Settings with { BatchSize = 1000, MaxFailures = 1000 });
        Wrong(Settings with { Lease = TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1) }, "Set Outbox__Lease to 00:00:30 or more.");
        Wrong(Settings with { Interval = TimeSpan.Zero }, "Set Outbox__Interval and Outbox__LongestDelay to more than nothing.");
        Wrong(Settings with { LongestDelay = TimeSpan.Zero }, "Set Outbox__Interval and Outbox__LongestDelay to more than nothing.");
        foreach (var number in (int[])[0, 1001])
        {
            Wrong(Settings with { BatchSize = number }, "Set Outbox__BatchSize and Outbox__MaxFailures to 1 to 1000.");
            Wrong(Settings with { MaxFailures = number }, "Set Outbox__BatchSize and Outbox__MaxFailures to 1 to 1000.");
        }

        static void Good(OutboxOptions options) => Assert.True(new OutboxOptions.Validator().Validate(null, options).Succeeded);
        static void Wrong(OutboxOptions options, string mend) => Assert.Equal(mend, new OutboxOptions.Validator().Validate(null, options).FailureMessage);
    }

    [Fact]
    public void A_delay_doubles_from_two_seconds_to_its_bound()
    {
        var options = Settings with { LongestDelay = TimeSpan.FromMinutes(2) };
        Assert.Equal([2, 2, 2, 4, 8, 16, 32, 64, 120, 120], Enumerable.Range(-1, 10).Select(attempts => (int)options.DelayAfter(attempts).TotalSeconds));
        Assert.Equal(65_536, (Settings with { LongestDelay = TimeSpan.FromDays(9) }).DelayAfter(int.MaxValue).TotalSeconds);
    }
}
