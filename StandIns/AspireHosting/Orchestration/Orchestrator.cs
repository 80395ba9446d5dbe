using System.Globalization;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Certificates;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Runs a model: starts its resources in the order of their dependencies, keeps them running, stops them in reverse.</summary>
internal static class Orchestrator
{
    // Five seconds in all are promised; what remains after this is for the guard and the last lines.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(4);

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    /// <exception cref="HostingException">The system cannot start, with the mend.</exception>
    public static async Task<int> RunAsync(DistributedApplicationBuilder model, HostConsole console, TimeProvider clock, CancellationToken stop)
    {
        using var folder = DataFolder.Open(model.DataPath);
        ReadyFile.Remove(model.CommandLine.ReadyFile);
        if (model.CommandLine.Fresh)
            folder.Clear(model.Resources.Where(resource => resource is PostgresServerResource or RedisResource).Select(resource => resource.Name));

        var graph = new DependencyGraph([.. model.Resources]);
        PortAllocation.Allocate(model.Resources);
        console.Announce(graph.Nodes.Select(node => node.Name));
        console.Say($"Starting {graph.Nodes.Count.ToString(CultureInfo.InvariantCulture)} parts; data is in {folder.Path}");

        using var certificates = DevelopmentCertificates.Open(folder.For("certificates"), clock);
        using var guard = ProcessGuard.Start();
        using var probe = new HealthProbe(certificates.AuthorityPath);
        var launcher = new Launcher(model, folder, certificates, guard, console);
        await RunAsync(model, graph, launcher, probe, certificates, console, clock, stop);
        return 0;
    }

    private static async Task RunAsync(
        DistributedApplicationBuilder model,
        DependencyGraph graph,
        Launcher launcher,
        HealthProbe probe,
        DevelopmentCertificates certificates,
        HostConsole console,
        TimeProvider clock,
        CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var report = new StartReport(graph.Nodes, console, clock);
        var running = graph.Nodes.Select(node => RunAsync(node, graph, launcher, probe, report, clock, end.Token)).ToList();
        var ready = AllReadyAsync(model, graph, certificates, report, console, end.Token);
        try
        {
            // Whichever ends first does so because of a failure or because of the stop; or all is ready.
            await await Task.WhenAny(running.Append(ready));
            await await Task.WhenAny(running);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            console.Say("Stopping");
        }
        finally
        {
            await end.CancelAsync();
            await StopAsync(graph, console, clock);
            await Task.WhenAll(running.Append(ready)).ContinueWith(_ => { }, TaskScheduler.Default);
            ReadyFile.Remove(model.CommandLine.ReadyFile);
        }
    }

    private static async Task RunAsync(
        ResourceNode node, DependencyGraph graph, Launcher launcher, HealthProbe probe, StartReport report, TimeProvider clock, CancellationToken end)
    {
        await graph.WaitForDependenciesAsync(node, end);
        if (node.Replicas > 1)
        {
            foreach (var endpoint in node.Resource.Annotations.OfType<EndpointAnnotation>())
                node.Proxies[endpoint.Name] = TcpProxy.Start(endpoint.AllocatedPort!.Value, endpoint.AllocatedTargetPorts);
        }

        await new Supervisor(node, launcher, probe, report, clock, end).RunAsync();
        await Task.Delay(Timeout.Infinite, end);
    }

    private static async Task AllReadyAsync(
        DistributedApplicationBuilder model, DependencyGraph graph, DevelopmentCertificates certificates, StartReport report, HostConsole console, CancellationToken end)
    {
        await Task.WhenAll(graph.Nodes.Select(node => node.IsJob ? (Task)node.Completed : node.Ready)).WaitAsync(end);
        console.Say("  The certificates come from an authority of this machine. To have it trusted:");
        console.Say(string.Join(Environment.NewLine, certificates.HowToTrust.Split('\n').Select(line => "    " + line.TrimEnd('\r'))));
        if (model.CommandLine.ReadyFile is { } path)
            await ReadyFile.WriteAsync(path, model, graph.Nodes, certificates.AuthorityPath, report.Elapsed, end);
    }

    // Those that others need go last. Each level has its share of what is left of the time.
    private static async Task StopAsync(DependencyGraph graph, HostConsole console, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        var levels = graph.Levels.Reverse().Where(level => level.Any(node => node.Instances.Count > 0 || node.Proxies.Count > 0)).ToList();
        for (var i = 0; i < levels.Count; i++)
        {
            var left = StopWithin - clock.GetElapsedTime(began);
            var grace = left > TimeSpan.Zero ? left / (levels.Count - i) : TimeSpan.Zero;
            await Task.WhenAll(levels[i].Select(node => StopAsync(node, grace)));
            console.Say($"  stopped {string.Join(", ", levels[i].Select(node => node.Name))}");
        }

        await console.FlushAsync();
    }

    private static async Task StopAsync(ResourceNode node, TimeSpan grace)
    {
        foreach (var proxy in node.Proxies.Values)
            await proxy.DisposeAsync();
        await Task.WhenAll(node.Instances.Select(instance => instance.StopAsync(grace)));
        node.Enter(ResourceState.Stopped);
    }
}
