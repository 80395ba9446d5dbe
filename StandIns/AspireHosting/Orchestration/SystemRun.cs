namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Starts all resources in the order of their dependencies, keeps them running, and stops them in reverse.</summary>
internal sealed class SystemRun(DependencyGraph graph, Launcher launcher, HealthWatch health, StartReport report, HostConsole console, TimeProvider clock)
{
    // Five seconds in all are promised; what remains after this is for the guard and the last lines.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(4);

    /// <summary>Runs until <paramref name="stop"/>, or until one of these fails.</summary>
    /// <param name="others">What else belongs to the run; it may end before the run does.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="HostingException">The system cannot start, with the mend.</exception>
    public async Task RunAsync(Func<CancellationToken, IReadOnlyList<Task>> others, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> running = [.. graph.Nodes.Select(node => RunAsync(node, end.Token)), .. others(end.Token)];
        try
        {
            await UntilOneFailsAsync(running);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            console.Say("Stopping");
        }
        finally
        {
            foreach (var node in graph.Nodes)
                node.Close();
            await end.CancelAsync();
            await StopAsync(Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default));
        }
    }

    private static async Task UntilOneFailsAsync(IReadOnlyCollection<Task> tasks)
    {
        await foreach (var ended in Task.WhenEach(tasks))
            await ended;
    }

    private async Task RunAsync(ResourceNode node, CancellationToken end)
    {
        await graph.WaitForDependenciesAsync(node, end);
        node.Proxies.Start(node.Resource);
        await new Supervisor(node, launcher, health, report, clock).RunAsync(end);
    }

    // Those that others need go last. Each level has its share of what is left of the time.
    private async Task StopAsync(Task supervisors)
    {
        var began = clock.GetTimestamp();
        // What is being launched has to be there first, to be stopped with the rest.
        await Task.WhenAny(supervisors, Task.Delay(StopWithin / 2, clock));
        var levels = new Queue<IReadOnlyList<ResourceNode>>(graph.Levels.Reverse());
        while (levels.TryPeek(out var level))
        {
            var running = level.Where(node => node.Instances.Count > 0).Select(node => node.Name).ToList();
            var shares = Math.Max(1, levels.Count(nodes => nodes.Any(node => node.Instances.Count > 0)));
            await Task.WhenAll(level.Select(node => StopAsync(node, Left() / shares)));
            if (running.Count > 0)
                console.Say($"  stopped {string.Join(", ", running)}");
            levels.Dequeue();
        }

        await Task.WhenAny(supervisors, Task.Delay(Left(), clock));
        await console.FlushAsync();

        TimeSpan Left() => StopWithin - clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static async Task StopAsync(ResourceNode node, TimeSpan grace)
    {
        node.EnterAll(ResourceState.Stopping);
        await node.Proxies.DisposeAsync();
        await Supervisor.StopInstancesAsync(node, grace);
        node.EnterAll(ResourceState.Stopped);
    }
}
