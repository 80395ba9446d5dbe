namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Times as pages take them: milliseconds since 1970.</summary>
internal static class UnixTime
{
    private const double NanosecondsPerMillisecond = 1e6;

    public static double From(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerMillisecond;

    public static double? From(DateTimeOffset? time) => time is { } known ? From(known) : null;

    public static double FromNanoseconds(ulong nanoseconds) => nanoseconds / NanosecondsPerMillisecond;
}
