using System.Collections.Concurrent;

namespace SecureShop.Testing;

/// <summary>
/// The present, moved on by hand, and with it what comes round: what a service does each minute it does at once when that minute is
/// skipped. Time-outs pass as they always do, so that requests go on while days go by.
/// </summary>
public sealed class TickingClock : TimeProvider
{
    private readonly ConcurrentBag<(ITimer Timer, TimeSpan Period)> rounds = [];
    private long offset;

    /// <summary>Moves on.</summary>
    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref offset, by.Ticks);
        ComeRound(by);
    }

    /// <summary>Has done at once what is done each <paramref name="most"/> or oftener: when within that it comes is anybody's guess.</summary>
    public void ComeRound(TimeSpan most)
    {
        foreach (var (timer, period) in rounds.Where(round => round.Period <= most))
            timer.Change(TimeSpan.Zero, period);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref offset));

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (period > TimeSpan.Zero)
            rounds.Add((timer, period));
        return timer;
    }
}
