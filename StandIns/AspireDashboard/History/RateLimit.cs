namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>So many in a second and no more; good enough to bound work, without a lock.</summary>
internal sealed class RateLimit(int perSecond, TimeProvider clock)
{
    private long _second = clock.GetTimestamp();
    private int _count;

    public bool Allows()
    {
        var began = Volatile.Read(ref _second);
        var now = clock.GetTimestamp();
        if (now - began >= clock.TimestampFrequency && Interlocked.CompareExchange(ref _second, now, began) == began)
            Volatile.Write(ref _count, 0);
        return Interlocked.Increment(ref _count) <= perSecond;
    }
}
