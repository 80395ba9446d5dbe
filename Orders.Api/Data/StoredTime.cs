namespace SecureShop.Orders.Data;

/// <summary>The time as Postgres keeps it, in whole microseconds: an order reads the same before and after it was stored.</summary>
internal static class StoredTime
{
    public static DateTimeOffset GetStoredNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
