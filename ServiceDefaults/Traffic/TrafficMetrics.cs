using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Traffic;

/// <summary>How callers spread over each figure. Never who: a caller is one measurement of a window.</summary>
internal static class TrafficMetrics
{
    private static readonly Histogram<double> Requests = Make("requests", "{request}", "Requests of a caller in a minute.", 1, 2, 5, 10, 30, 100, 300, 1000, 3000);
    private static readonly Histogram<double> Objects = Make("objects", "{object}", "Different objects that a caller asked for in a minute, estimated.", 0, 1, 2, 5, 10, 30, 100, 300, 1000);
    private static readonly Histogram<double> Refused = Make("refused", "1", "Share of a caller's requests that were refused.", 0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.9);
    private static readonly Histogram<double> NotFound = Make("not_found", "1", "Share of a caller's requests for what is not there.", 0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.9);
    private static readonly Histogram<double> Entropy = Make("route_entropy", "bit", "How a caller's requests spread over the routes.", 0, 0.5, 1, 1.5, 2, 2.5, 3);
    private static readonly Histogram<double> Received = Make("received", "By", "Bytes of a caller's requests in a minute.", 0, 1e3, 1e4, 1e5, 1e6, 1e7);
    private static readonly Histogram<double> Sent = Make("sent", "By", "Bytes of the answers to a caller in a minute.", 0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8);
    private static readonly Histogram<double> Agents = Make("agent_changes", "{change}", "How often a caller came as another program in a minute.", 0, 1, 2, 5, 10, 100);
    private static readonly Counter<long> Left = ShopMetrics.Meter.CreateCounter<long>("secureshop.traffic.left_out", "{caller}", "Callers of a minute that there was no room for, and summaries that nobody read.");

    public static void Record(CallerSummary one)
    {
        var kind = new KeyValuePair<string, object?>("by", one.Kind);
        foreach (var (figure, value) in ((Histogram<double>, double)[])[(Requests, one.Requests), (Objects, one.Objects), (Refused, one.Refused), (NotFound, one.NotFound),
            (Entropy, one.RouteEntropy), (Received, one.Received), (Sent, one.Sent), (Agents, one.AgentChanges)])
            figure.Record(value, kind);
    }

    public static void LeftOut(string by, int callers) => Left.Add(callers, new KeyValuePair<string, object?>("by", by));

    private static Histogram<double> Make(string name, string unit, string words, params double[] bounds)
        => ShopMetrics.Meter.CreateHistogram($"secureshop.traffic.{name}", unit, words, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
