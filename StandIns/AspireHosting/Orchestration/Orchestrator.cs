using System.Globalization;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Certificates;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Runs a model, from its data folder to the last line.</summary>
internal static class Orchestrator
{
    /// <summary>Runs until <paramref name="stop"/>.</summary>
    /// <param name="model">What to run.</param>
    /// <param name="console">Where all of it is told.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="begun">Is given the board of the run.</param>
    /// <exception cref="HostingException">The system cannot start, with the mend.</exception>
    public static async Task<int> RunAsync(
        DistributedApplicationBuilder model, HostConsole console, TimeProvider clock, CancellationToken stop, Action<ResourceBoard>? begun = null)
    {
        using var folder = DataFolder.Open(model.DataPath);
        var readyFile = new ReadyFile(model.CommandLine.ReadyFile);
        readyFile.Remove();
        if (model.CommandLine.Fresh)
            folder.Clear(model.Resources.Where(resource => resource is PostgresServerResource or RedisResource).Select(resource => resource.Name));

        var graph = new DependencyGraph([.. model.Resources]);
        var ports = PortAllocation.Allocate(model.Resources, model.Options.DisableDashboard ? null : DashboardPorts.From(model.Configuration));
        console.Announce(graph.Nodes.Select(node => node.Name));
        console.Say($"Starting {graph.Nodes.Count.ToString(CultureInfo.InvariantCulture)} parts; data is in {folder.Path}");

        using var certificates = DevelopmentCertificates.Open(folder.For("certificates"), clock);
        using var guard = ProcessGuard.Start();
        using var probe = new HealthProbe(certificates.AuthorityPath);

        var apiKey = HostDashboard.ApiKeyOf(model.Configuration);
        var secrets = await SecretValues.OfAsync(model.Resources, [apiKey], stop);
        var board = new ResourceBoard(graph, secrets);
        begun?.Invoke(board);
        var history = ports is null ? null : new ConsoleHistory(clock);
        await using var dashboard = new HostDashboard(console, readyFile);
        if (ports is not null)
        {
            dashboard.Start(model, ports, apiKey, certificates.Issue("dashboard"), board, history!, stop);
            foreach (var node in graph.Nodes)
                node.Changed = dashboard.ResourcesChanged;
        }

        var report = new StartReport(graph.Nodes, console, history, clock);
        var run = new SystemRun(
            graph, new Launcher(model, folder, certificates, guard, console, history, secrets), new HealthWatch(probe, report, clock), report, console, clock);
        try
        {
            await run.RunAsync(end => [dashboard.Server, TellAsync(end)], stop);
        }
        finally
        {
            readyFile.Remove();
        }

        return 0;

        async Task TellAsync(CancellationToken end)
        {
            await graph.AllReady.WaitAsync(end);
            console.Say("  The certificates come from an authority of this machine. To have it trusted:");
            console.Say(string.Join(Environment.NewLine, certificates.HowToTrust.Split('\n').Select(line => "    " + line.TrimEnd('\r'))));
            await readyFile.WriteAsync(model, graph.Nodes, certificates.AuthorityPath, report.Elapsed, await dashboard.Server, end);
            await dashboard.ShowLinkAsync();
        }
    }
}
