using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>
/// Which requests become traces: the first process decides and the others follow, so that a trace is whole or not there. All of
/// them up to a rate that ordinary use never reaches; above it the log and a metric say how many went unrecorded, because
/// under full load the recording would cost requests that could have been served.
/// </summary>
internal sealed partial class TraceSampler(int perSecond, TimeProvider clock, ILogger<TraceSampler> logger) : Sampler
{
    public const string Setting = "Telemetry:TracesPerSecond";
    public const int Default = 100;

    private static readonly SamplingResult Record = new(SamplingDecision.RecordAndSample);
    private static readonly SamplingResult Drop = new(SamplingDecision.Drop);

    private readonly long second = clock.TimestampFrequency;
    private readonly Lock gate = new();
    private long windowEnds = long.MinValue;
    private long reportAt = long.MinValue;
    private int taken;
    private long skipped;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var server = samplingParameters.Kind == System.Diagnostics.ActivityKind.Server;
        if (server && IsProbe(samplingParameters.Tags))
            return Drop;
        if (samplingParameters.ParentContext.TraceId != default)
            return samplingParameters.ParentContext.TraceFlags.HasFlag(System.Diagnostics.ActivityTraceFlags.Recorded) ? Record : Drop;

        // A call that no request and no work of ours made: a look for due orders, the opening of a connection at the start.
        if (samplingParameters.Kind == System.Diagnostics.ActivityKind.Client)
            return Drop;
        return TryTake() ? Record : Drop;
    }

    // Every few seconds from everywhere, and never of interest: what is not healthy is seen elsewhere.
    private static bool IsProbe(IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        foreach (var tag in tags ?? [])
        {
            if (tag.Key == "url.path")
                return tag.Value is string path && path.StartsWith("/health/", StringComparison.Ordinal);
        }

        return false;
    }

    private bool TryTake()
    {
        long report = 0;
        lock (gate)
        {
            var now = clock.GetTimestamp();
            if (now >= windowEnds)
            {
                windowEnds = now + second;
                taken = 0;
            }

            if (taken < perSecond)
            {
                taken++;
                return true;
            }

            skipped++;
            if (now >= reportAt)
            {
                reportAt = now + (60 * second);
                (report, skipped) = (skipped, 0);
            }
        }

        ShopMetrics.TraceSkipped();
        if (report > 0)
            TracesSkipped(perSecond, report);
        return false;
    }

    [LoggerMessage(1121, LogLevel.Warning, "More than {PerSecond} traces a second began: {Count} were not recorded. Said at most once a minute; the metric secureshop.traces.skipped counts on.")]
    private partial void TracesSkipped(int perSecond, long count);
}
