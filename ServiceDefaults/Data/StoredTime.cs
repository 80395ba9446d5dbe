namespace SecureShop.ServiceDefaults.Data;

/// <summary>The time as Postgres keeps it.</summary>
public static class StoredTime
{
    /// <summary>Now in whole microseconds: what is stored reads the same as what was answered, under the same ETag.</summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
