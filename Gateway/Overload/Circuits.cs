using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Telemetry;
using Yarp.ReverseProxy.Model;

namespace SecureShop.Gateway.Overload;

/// <summary>
/// Sends requests to the replicas that answer. YARP's passive health check would go on asking the last of them, or ask one with all
/// that come as soon as its time is up.
/// </summary>
internal sealed partial class Circuits(IOptions<OverloadOptions> options, TimeProvider clock, ILogger<Circuits> logger)
{
    private readonly ConditionalWeakTable<DestinationState, Circuit> known = [];

    public Circuit Of(DestinationState replica) => known.GetValue(replica, _ => new Circuit(clock));

    public async Task ForwardAsync(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        var service = proxy.Cluster.Config.ClusterId;
        var trial = proxy.AllDestinations.FirstOrDefault(replica => Of(replica).TryTrial());
        if (trial is not null)
            proxy.AvailableDestinations = [trial];
        else if (!proxy.AllDestinations.All(replica => MayAsk(proxy, replica)))
            proxy.AvailableDestinations = [.. proxy.AllDestinations.Where(replica => MayAsk(proxy, replica))];
        if (proxy.AvailableDestinations.Count == 0)
        {
            ShopMetrics.CallFailed(service, "circuit_open");
            OverloadExtensions.Postpone(context);
            return;
        }

        bool? answered = null;
        try
        {
            await next(context);
            answered = ForwardingFailures.WasAnswered(context);
        }
        finally
        {
            if ((trial ?? proxy.ProxiedDestination) is { } asked && Of(asked).Report(answered, trial is not null))
                CircuitChanged(service, Of(asked).IsOpen ? "fails: it is left alone" : "answers again");
        }
    }

    // Not the one that has just failed, where there is another.
    private bool MayAsk(IReverseProxyFeature proxy, DestinationState replica)
        => !Of(replica).IsOpen && replica.ConcurrentRequestCount < options.Value.PerReplica && (replica != proxy.ProxiedDestination || proxy.AllDestinations.Count == 1);

    [LoggerMessage(2131, LogLevel.Error, "A replica of {Service} {State}")]
    private partial void CircuitChanged(string service, string state);
}
