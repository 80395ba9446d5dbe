using System.Diagnostics.CodeAnalysis;
using SecureShop.StandIns.AspireDashboard.History;

namespace SecureShop.StandIns.AspireDashboard;

/// <summary>What resources wrote, as far back as a bounded memory goes.</summary>
public sealed class ConsoleHistory
{
    /// <summary>Lines that are kept at most.</summary>
    internal const int MostLines = 50_000;

    /// <summary>And bytes.</summary>
    internal const long MostBytes = 16 * 1024 * 1024;

    /// <summary>Characters of a line that are kept.</summary>
    internal const int LongestLine = 4_000;

    // A resource that prints without end must not take the processor from those that work.
    private const int StandardLinesPerSecond = 10_000;

    private readonly TimeProvider _clock;
    private readonly RateLimit _rate;

    /// <summary>An empty history.</summary>
    /// <param name="clock">The clock; null for the system's.</param>
    public ConsoleHistory(TimeProvider? clock = null)
        : this(clock ?? TimeProvider.System, StandardLinesPerSecond)
    {
    }

    internal ConsoleHistory(TimeProvider clock, int linesPerSecond)
    {
        _clock = clock;
        _rate = new(linesPerSecond, clock);
    }

    internal BoundedHistory<ConsoleEntry> Lines { get; } = new(MostLines, MostBytes);

    internal Drops Drops { get; } = new();

    /// <summary>Adds a line; never blocks and never throws.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="replica">Its copy, as <see cref="ReplicaSnapshot.Name"/>.</param>
    /// <param name="text">The line, cut where it is too long.</param>
    [SuppressMessage("Design", "CA1062", Justification = "A caller's null is an empty line: this never throws.")]
    public void Add(string resource, string replica, string text)
    {
        var now = _clock.GetUtcNow();
        if (!_rate.Allows())
        {
            Drops.Add(1, now);
            return;
        }

        Lines.Add(new ConsoleEntry(now, resource ?? "", replica ?? "", PlainText.From(text ?? "", LongestLine)));
    }
}
