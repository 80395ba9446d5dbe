using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class BackOffTests
{
    [Fact]
    public void It_waits_twice_as_long_each_time_up_to_half_a_minute()
    {
        var backOff = new BackOff();

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 8).Select(_ => backOff.Next(TimeSpan.FromSeconds(1)).TotalSeconds));
    }

    [Fact]
    public void Who_held_for_a_minute_begins_anew()
    {
        var backOff = new BackOff();
        backOff.Next(TimeSpan.Zero);
        backOff.Next(TimeSpan.Zero);

        Assert.Equal(0.5, backOff.Next(TimeSpan.FromMinutes(1)).TotalSeconds);
        Assert.Equal(1, backOff.Crashes);
    }
}
