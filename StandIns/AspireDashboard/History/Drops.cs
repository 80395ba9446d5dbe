namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>Counts what was not kept because it came too fast or was too big, and remembers when.</summary>
internal sealed class Drops
{
    private long _count;
    private long _last;
    private long _since;

    public long Count => Volatile.Read(ref _count);

    public void Add(long count, DateTimeOffset now)
    {
        if (count <= 0)
            return;
        Interlocked.Add(ref _count, count);
        var ticks = now.UtcTicks;
        if (ticks - Interlocked.Exchange(ref _last, ticks) > Window.Ticks)
            Volatile.Write(ref _since, ticks);
    }

    /// <summary>Since when something has been dropped, again and again up to now; null when nothing was lately.</summary>
    public DateTimeOffset? Since(DateTimeOffset now) =>
        Count > 0 && now.UtcTicks - Volatile.Read(ref _last) <= Window.Ticks ? new(Volatile.Read(ref _since), TimeSpan.Zero) : null;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
}
