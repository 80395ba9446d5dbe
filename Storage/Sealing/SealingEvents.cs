using System.Diagnostics.Metrics;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.Storage.Sealing;

/// <summary>Why a seal does not open, in the words of events and metrics.</summary>
internal static class SealRefusal
{
    /// <summary>The value or key was changed, moved to another place or put under another name.</summary>
    public const string Broken = "seal_broken";

    /// <summary>The master key that wrapped the customer's key is not configured.</summary>
    public const string MasterKey = "seal_master_key";
}

/// <summary>The events of sealing (docs/events.md).</summary>
internal static partial class SealingEvents
{
    [LoggerMessage(4081, LogLevel.Error, "What is sealed does not open: {Reason} ({Subject})")]
    public static partial void SealRefused(this ILogger security, string reason, string subject);

    [LoggerMessage(4082, LogLevel.Warning, "The key of a person's sealed data was destroyed ({Subject})")]
    public static partial void DataKeyDestroyed(this ILogger security, string subject);
}

/// <summary>How far a change of the master key has got.</summary>
internal static class SealingMetrics
{
    private static long waiting;

    // Read by no code of ours: it is measured when somebody listens.
    private static readonly ObservableGauge<long> Waiting = ShopMetrics.Meter.CreateObservableGauge(
        "secureshop.sealing.waiting", () => Interlocked.Read(ref waiting), "{key}", "Customers' keys that an earlier master key wraps; at 0 that one may go.");

    public static void Wait(long count)
    {
        Interlocked.Exchange(ref waiting, count);
        GC.KeepAlive(Waiting);
    }
}
