using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>
/// The meter <c>SecureShop</c>, and what all services measure; what one alone measures stands with it. Every attribute value is one
/// of a fixed vocabulary: a value that a caller could choose (a path, a user, a product) would be one more time series in memory
/// for each that it thinks of.
/// </summary>
public static class ShopMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SecureShop";

    /// <summary>The meter, for a service's own instruments.</summary>
    public static Meter Meter { get; } = new(MeterName);

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "secureshop.refusals", "{refusal}", "Everything that was refused, by reason; also what the log left out.");

    private static readonly Counter<long> TokenChecks = Meter.CreateCounter<long>(
        "secureshop.token.checks", "{check}", "Access tokens checked, by result: accepted, or the reason of the refusal.");

    private static readonly Histogram<double> TokenCheckDuration = Meter.CreateHistogram(
        "secureshop.token.check.duration", "s", "How long the check of an access token took.", tags: null, Seconds(0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1));

    private static readonly Counter<long> CallFailures = Meter.CreateCounter<long>(
        "secureshop.service.call.failures", "{call}", "Calls between services that failed, by service and reason.");

    private static readonly Histogram<double> CallDuration = Meter.CreateHistogram(
        "secureshop.service.call.duration", "s", "How long a call to another service took, each attempt for itself.", tags: null, Seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10));

    private static readonly Counter<long> TracesSkipped = Meter.CreateCounter<long>(
        "secureshop.traces.skipped", "{trace}", "Traces that were not recorded because more began than are recorded in a second.");

    /// <summary>Something was refused, for a reason of <see cref="RefusalReason"/>.</summary>
    public static void Refused(string reason) => Refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A call to another service failed before it had an answer that could be used.</summary>
    /// <param name="service">The service, by its configured name.</param>
    /// <param name="reason">One of a fixed list, such as <c>timeout</c>.</param>
    public static void CallFailed(string service, string reason)
        => CallFailures.Add(1, new KeyValuePair<string, object?>("peer.service", service), new KeyValuePair<string, object?>("reason", reason));

    internal static void TokenChecked(string result, TimeSpan duration)
    {
        TokenChecks.Add(1, new KeyValuePair<string, object?>("result", result));
        TokenCheckDuration.Record(duration.TotalSeconds);
    }

    internal static void Called(string service, TimeSpan duration)
        => CallDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("peer.service", service));

    internal static void TraceSkipped() => TracesSkipped.Add(1);

    // The default boundaries are made for milliseconds: of seconds everything would fall into the first.
    private static InstrumentAdvice<double> Seconds(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
