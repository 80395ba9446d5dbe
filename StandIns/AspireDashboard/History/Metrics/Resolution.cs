namespace SecureShop.StandIns.AspireDashboard.History.Metrics;

/// <summary>Metrics are kept at three widths of time: fine for the last minutes, coarser for an hour.</summary>
internal sealed record Resolution(TimeSpan Width, int Slots, int Minutes)
{
    private const int NanosecondsPerTick = 100;

    public static IReadOnlyList<Resolution> All { get; } =
    [
        new(TimeSpan.FromSeconds(2), 153, 5),
        new(TimeSpan.FromSeconds(10), 93, 15),
        new(TimeSpan.FromSeconds(30), 123, 60),
    ];

    public ulong Nanoseconds => (ulong)Width.Ticks * NanosecondsPerTick;

    /// <summary>The finest that reaches so far back.</summary>
    public static int For(int minutes) => All.Select((resolution, index) => (resolution, index)).First(item => item.resolution.Minutes >= minutes).index;

    public long SlotOf(ulong time) => (long)(time / Nanoseconds);

    /// <summary>
    /// Shares out what happened after <paramref name="from"/>, up to <paramref name="to"/>: senders report when it suits
    /// them, and without this a rate would jump as one or two reports fall into a slot.
    /// </summary>
    public IEnumerable<(long Slot, double Share)> Spread(ulong from, ulong to)
    {
        var last = SlotOf(to);
        if (from >= to)
        {
            yield return (last, 1);
            yield break;
        }

        for (var slot = Math.Max(SlotOf(from), last - Slots + 1); slot <= last; slot++)
        {
            var begin = Math.Max(from, (ulong)slot * Nanoseconds);
            var end = Math.Min(to, (ulong)(slot + 1) * Nanoseconds);
            if (end > begin)
                yield return (slot, (end - begin) / (double)(to - from));
        }
    }
}
