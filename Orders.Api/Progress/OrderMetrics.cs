using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Orders.Progress;

/// <summary>Counts what becomes of orders.</summary>
internal static class OrderMetrics
{
    private static readonly Counter<long> Orders = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.orders", "{order}", "Orders that reached a state, by state.");

    public static void Reached(string state) => Orders.Add(1, new KeyValuePair<string, object?>("state", state));
}
