using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>What is kept of the framework's metrics, and how many series each may have.</summary>
internal static class MetricChoice
{
    /// <summary>More series are summed up as one: no caller can fill the memory with them.</summary>
    private const int MaxSeries = 500;

    // Paid for by every request, and told well enough by the duration or by Postgres itself.
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "http.client.active_requests", "http.client.connection.duration", "http.client.open_connections", "http.client.request.time_in_queue",
        "kestrel.queued_connections", "kestrel.queued_requests", "kestrel.active_tls_handshakes",
        "db.client.operation.npgsql.bytes_read", "db.client.operation.npgsql.bytes_written", "db.client.operation.npgsql.executing",
        "db.client.operation.npgsql.prepared_ratio",
    };

    public static MetricStreamConfiguration Of(Instrument instrument)
        => Left.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : new MetricStreamConfiguration { CardinalityLimit = MaxSeries };
}
