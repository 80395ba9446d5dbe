using System.Diagnostics;

namespace SecureShop.Gateway.Doors;

/// <summary>
/// Traces begin here. A caller's traceparent and baggage are not adopted: it could join other people's traces, force
/// sampling, or smuggle values to every service behind.
/// </summary>
internal sealed class IgnoredTraceContext : DistributedContextPropagator
{
    private readonly DistributedContextPropagator outwards = CreateDefaultPropagator();

    public override IReadOnlyCollection<string> Fields => outwards.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => outwards.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
        => traceId = traceState = null;

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
