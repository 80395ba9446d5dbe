using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Storage.Outbox;

/// <summary>Counts what becomes of messages.</summary>
internal static class OutboxMetrics
{
    private static readonly Counter<long> Messages = ShopMetrics.Meter.CreateCounter<long>(
        "secureshop.outbox.messages", "{message}", "Attempts of the dispatcher, by kind and by what came of them.");

    public static void Tried(string kind, string result)
        => Messages.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("result", result));
}
