namespace SecureShop.ServiceDefaults.Events;

/// <summary>
/// Bounds how many security events a process writes: else whoever sends refused requests fast enough fills the disk and
/// buries the one line that matters. What is above is counted, and told in one event.
/// </summary>
internal sealed class EventBudget : IDisposable
{
    public const int PerSecond = 100;
    public const int Burst = 1_000;

    private static readonly TimeSpan ReportAfter = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Action<long> report;
    private readonly ITimer timer;
    private double left = Burst;
    private long filled;
    private long suppressed;

    public EventBudget(TimeProvider clock, Action<long> report)
    {
        (this.clock, this.report) = (clock, report);
        filled = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool TryTake()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            left = Math.Min(Burst, left + (clock.GetElapsedTime(filled, now).TotalSeconds * PerSecond));
            filled = now;
            if (left >= 1)
            {
                left--;
                return true;
            }

            if (suppressed++ == 0)
                timer.Change(ReportAfter, Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        Report();
    }

    private void Report()
    {
        long count;
        lock (gate)
            (count, suppressed) = (suppressed, 0);
        if (count > 0)
            report(count);
    }
}
