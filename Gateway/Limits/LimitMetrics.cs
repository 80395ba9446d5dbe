using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Gateway.Limits;

/// <summary>Counts what the limits refuse.</summary>
internal static class LimitMetrics
{
    private static readonly Counter<long> Hits = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.limits.hit", "{request}", "Requests over a limit, by class, by what the limit counts and by its name.");

    public static void Hit(string limitClass, string by, string limit) => Hits.Add(
        1, new KeyValuePair<string, object?>("class", limitClass), new KeyValuePair<string, object?>("by", by), new KeyValuePair<string, object?>("limit", limit));
}
