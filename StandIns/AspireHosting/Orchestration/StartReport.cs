using System.Globalization;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Tells how far the start has come, and calls those who wait for a resource.</summary>
internal sealed class StartReport(IReadOnlyCollection<ResourceNode> nodes, HostConsole console, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private readonly Lock _lock = new();
    private bool _tableShown;

    public TimeSpan Elapsed => clock.GetElapsedTime(_began);

    public void Entered(ResourceNode node, ResourceState state)
    {
        if (state == ResourceState.Starting && node.State != ResourceState.Waiting)
            return;
        if (state == ResourceState.Starting)
            node.Enter(state);
        Progress(node.Name, state == ResourceState.Finished ? console.Green("done") : "starting");
        ShowTableOnce();
    }

    public async Task HealthyAsync(ResourceNode node, CancellationToken cancellationToken)
    {
        var first = !node.Ready.IsCompleted;
        Progress(node.Name, console.Green(first ? "healthy" : "healthy again"));
        if (!first)
            return;
        node.MarkReadyTime(Elapsed);
        ShowTableOnce();
        await console.FlushAsync();
        foreach (var callback in node.Resource.Annotations.OfType<ReadyCallbackAnnotation>())
            await callback.Callback(new ResourceReadyEvent(node.Resource), cancellationToken);
        node.MarkReady();
    }

    public void Unhealthy(ResourceNode node, int replica)
    {
        node.Enter(ResourceState.Running);
        Progress(node.NameOf(replica), console.Red("does not answer its health check"));
    }

    public bool StillWaiting(ResourceNode node, int replica)
    {
        Progress(node.NameOf(replica), console.Red("runs, but is still not healthy; its lines above may tell why"));
        return true;
    }

    public void Restarting(ResourceNode node, int replica, string end, TimeSpan wait) => Progress(
        node.NameOf(replica), console.Red(string.Create(CultureInfo.InvariantCulture, $"{end}; starting it again in {wait.TotalSeconds:0.0} s")));

    private void Progress(string name, string text) =>
        console.Say(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0} s  {name,-12}{console.Bold(text)}"));

    private void ShowTableOnce()
    {
        lock (_lock)
        {
            if (_tableShown || !nodes.All(node => node.State is ResourceState.Healthy or ResourceState.Finished))
                return;
            _tableShown = true;
        }

        console.Say("");
        console.Say(console.Bold($"  {"Resource",-12}{"State",-10}{"Ready after",-13}Addresses"));
        foreach (var node in nodes)
        {
            var addresses = node.Resource is IResourceWithEndpoints resource ? resource.GetEndpoints().Select(Address) : [];
            var replicas = node.Replicas > 1 ? $" (x{node.Replicas})" : "";
            var after = string.Create(CultureInfo.InvariantCulture, $"{node.ReadyAfter?.TotalSeconds:0.0} s");
            console.Say($"  {node.Name,-12}{node.State.ToString().ToLowerInvariant(),-10}{after,-13}{string.Join("  ", addresses)}{replicas}");
        }

        console.Say("");
        console.Say(console.Bold(string.Create(CultureInfo.InvariantCulture, $"  All healthy after {Elapsed.TotalSeconds:0.0} s. Ctrl+C stops everything.")));
    }

    private static string Address(EndpointReference endpoint) =>
        endpoint.Scheme is "http" or "https" ? endpoint.Url : $"{endpoint.Host}:{endpoint.Port.ToString(CultureInfo.InvariantCulture)}";
}
