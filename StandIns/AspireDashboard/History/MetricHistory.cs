namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>Metrics.</summary>
internal sealed class MetricHistory
{
    public const int MostSeries = 3_000;
    public const long MostBytes = 32 * 1024 * 1024;

    public long Changes => 0;

    public int Series => 0;

    public long Bytes => 0;
}
