using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Gateway.Firewall;

/// <summary>Counts the rules that match.</summary>
internal static class FirewallMetrics
{
    private static readonly Counter<long> Hits = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.firewall.hits", "{hit}", "Rules of the firewall that matched, and whether the request was refused.");

    public static void Hit(string rule, bool refused)
        => Hits.Add(1, new KeyValuePair<string, object?>("rule", rule), new KeyValuePair<string, object?>("result", refused ? "refused" : "noticed"));
}
