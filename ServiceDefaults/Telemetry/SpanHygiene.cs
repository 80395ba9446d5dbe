using System.Diagnostics;
using OpenTelemetry;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>Takes out what must not leave the service (codes and tokens in query strings) and what nobody reads (probes).</summary>
internal sealed class SpanHygiene : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        data.SetTag("url.query", null);
        if (data.GetTagItem("url.path") is string path && path.StartsWith("/health/", StringComparison.Ordinal))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
