namespace SecureShop.ServiceDefaults.Events;

/// <summary>Fills at a steady rate up to a bound, and is emptied one by one. Its owner sees to it that one thread at a time does so.</summary>
internal sealed class TokenBucket(TimeProvider clock, int burst, int perSecond)
{
    private long filled = clock.GetTimestamp();
    private double left = burst;

    /// <summary>Whether it says no more than a new one would.</summary>
    public bool IsFull => Left(clock.GetTimestamp()) >= burst;

    public bool TryTake()
    {
        var now = clock.GetTimestamp();
        (left, filled) = (Left(now), now);
        if (left < 1)
            return false;
        left--;
        return true;
    }

    private double Left(long now) => Math.Min(burst, left + (clock.GetElapsedTime(filled, now).TotalSeconds * perSecond));
}
