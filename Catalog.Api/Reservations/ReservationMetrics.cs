using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Catalog.Reservations;

/// <summary>Counts requests for stock.</summary>
internal static class ReservationMetrics
{
    private static readonly Counter<long> Reservations = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.reservations", "{reservation}", "Requests for stock, by result.");

    public static void Answered(string result) => Reservations.Add(1, new KeyValuePair<string, object?>("result", result));
}
