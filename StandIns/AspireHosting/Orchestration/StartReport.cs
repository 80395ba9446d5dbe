using System.Globalization;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Tells how far the start has come and what happens later, and calls those who wait for a resource.</summary>
internal sealed class StartReport(IReadOnlyCollection<ResourceNode> nodes, HostConsole console, ConsoleHistory? history, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private readonly Lock _lock = new();
    private bool _tableShown;

    public TimeSpan Elapsed => clock.GetElapsedTime(_began);

    public void Starting(ResourceNode node) => Progress(node.Name, node.Name, "starting");

    public void Finished(ResourceNode node)
    {
        Progress(node.Name, node.Name, "done", console.Green);
        ShowTableOnce();
    }

    public async Task HealthyAsync(ResourceNode node, CancellationToken cancellationToken)
    {
        // Not by its ready time: a stop in the middle of what follows must not leave others waiting for ever.
        var first = !node.Ready.IsCompleted;
        Progress(node.Name, node.Name, first ? "healthy" : "healthy again", console.Green);
        if (!first)
            return;
        node.MarkReadyTime(Elapsed);
        ShowTableOnce();
        await console.FlushAsync();
        foreach (var callback in node.Resource.Annotations.OfType<ReadyCallbackAnnotation>())
            await callback.Callback(new ResourceReadyEvent(node.Resource), cancellationToken);
        node.MarkReady();
    }

    public void Unhealthy(ResourceNode node, int replica, string problem, bool never) => Progress(
        node.Name, node.NameOf(replica), never ? $"runs, but {problem}; its lines above may tell why" : problem, console.Red);

    public void Restarting(ResourceNode node, int replica, string end, TimeSpan wait) => Progress(
        node.Name, node.NameOf(replica), string.Create(CultureInfo.InvariantCulture, $"{end}; starting it again in {wait.TotalSeconds:0.0} s"), console.Red);

    public void Failed(ResourceNode node, string what) => Progress(node.Name, node.Name, what, console.Red);

    public void Told(ResourceNode node, ResourceCommand command) =>
        Progress(node.Name, node.Name, command == ResourceCommand.Restart ? "restarting, as asked" : "stopping, as asked");

    public void Stopped(ResourceNode node) => Progress(node.Name, node.Name, "stopped, as asked");

    private void Progress(string resource, string name, string text, Func<string, string>? colour = null)
    {
        history?.Add(resource, name, text);
        console.Say(string.Create(
            CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0} s  {name,-12}{console.Bold(colour is null ? text : colour(text))}"));
    }

    private void ShowTableOnce()
    {
        lock (_lock)
        {
            if (_tableShown || !nodes.All(node => node.ReadyAfter is not null))
                return;
            _tableShown = true;
        }

        console.Say("");
        console.Say(console.Bold($"  {"Resource",-12}{"State",-10}{"Ready after",-13}Addresses"));
        foreach (var node in nodes)
        {
            var addresses = node.Resource is IResourceWithEndpoints resource ? resource.GetEndpoints().Select(endpoint => endpoint.Address) : [];
            var replicas = node.Replicas > 1 ? $" (x{node.Replicas})" : "";
            var after = string.Create(CultureInfo.InvariantCulture, $"{node.ReadyAfter?.TotalSeconds:0.0} s");
            console.Say($"  {node.Name,-12}{node.State.ToString().ToLowerInvariant(),-10}{after,-13}{string.Join("  ", addresses)}{replicas}");
        }

        console.Say("");
        console.Say(console.Bold(string.Create(CultureInfo.InvariantCulture, $"  All healthy after {Elapsed.TotalSeconds:0.0} s. Ctrl+C stops everything.")));
    }
}
