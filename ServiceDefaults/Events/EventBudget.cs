using System.Net;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.ServiceDefaults.Events;

/// <summary>
/// Bounds how many security events a process writes: else whoever sends refused requests fast enough fills the disk. Each kind of
/// event has a budget of its own, and each network address a tenth of that: nobody can spend what others need, and bury the one
/// line that matters. What is above is counted, and told in one event for each kind.
/// </summary>
internal sealed class EventBudget : IDisposable
{
    public const int PerSecond = 100;
    public const int Burst = 1_000;
    public const int AddressPerSecond = PerSecond / 10;
    public const int AddressBurst = Burst / 10;
    public const int MaxAddresses = 10_000;

    private static readonly TimeSpan ReportAfter = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<int, Kind> kinds = [];
    private readonly BoundedCounters<TokenBucket> addresses;
    private readonly TimeProvider clock;
    private readonly Action<string, long> report;
    private readonly ITimer timer;
    private bool reporting;

    public EventBudget(TimeProvider clock, Action<string, long> report)
    {
        (this.clock, this.report) = (clock, report);
        addresses = new(clock, MaxAddresses);
        timer = clock.CreateTimer(_ => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether one more event of a kind may be written about a caller; null stands for those that no caller is behind.</summary>
    public bool TryTake(EventId id, IPAddress? address)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow().UtcTicks;
            if (!kinds.TryGetValue(id.Id, out var kind))
                kinds[id.Id] = kind = new(id.Name ?? $"{id.Id}");

            // The caller's own first: what it is refused takes nothing from the others.
            if (addresses.Find($"{id.Id}|{AddressPrefix.Name(address)}").TryTake(AddressBurst, AddressPerSecond, now) && kind.Everybody.TryTake(Burst, PerSecond, now))
                return true;

            kind.Suppressed++;
            if (!reporting)
                reporting = timer.Change(ReportAfter, Timeout.InfiniteTimeSpan);
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
        List<(string Name, long Count)> counts = [];
        lock (gate)
        {
            foreach (var kind in kinds.Values.Where(kind => kind.Suppressed > 0))
            {
                counts.Add((kind.Name, kind.Suppressed));
                kind.Suppressed = 0;
            }

            reporting = false;
        }

        foreach (var (name, count) in counts)
            report(name, count);
    }

    private sealed class Kind(string name)
    {
        public string Name { get; } = name;

        public TokenBucket Everybody { get; } = new();

        public long Suppressed { get; set; }
    }
}

/// <summary>
/// Begins full, fills at a steady rate up to a bound, and is emptied one by one. Its owner sees to it that one thread at a time does so.
/// </summary>
internal sealed class TokenBucket : IBoundedCounter
{
    private double? tokens;
    private long filledAt, fullAt;

    /// <summary>Whether there was a token at <paramref name="now"/>, in ticks of UTC.</summary>
    public bool TryTake(int burst, int perSecond, long now)
    {
        var available = Math.Min(burst, (tokens ?? burst) + (TimeSpan.FromTicks(now - filledAt).TotalSeconds * perSecond));
        tokens = available < 1 ? available : available - 1;
        filledAt = now;
        fullAt = now + TimeSpan.FromSeconds((burst - tokens.Value) / perSecond).Ticks;
        return available >= 1;
    }

    /// <summary>A full one says no more than a new one would.</summary>
    public bool TryRetire(long now) => now >= fullAt;
}
