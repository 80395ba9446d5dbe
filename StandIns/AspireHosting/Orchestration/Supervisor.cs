using System.Globalization;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Starts the replicas of one resource, asks for their health, and starts them again when they crash.</summary>
internal sealed class Supervisor(
    ResourceNode node, Launcher launcher, HealthProbe probe, StartReport report, TimeProvider clock, CancellationToken stop)
{
    private const int AttemptsToStart = 3;
    private const int TellingLines = 8;
    private static readonly TimeSpan PollWhileStarting = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan PollWhileHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs until stopped.</summary>
    /// <exception cref="HostingException">It cannot start, or the job that others wait for has failed.</exception>
    public async Task RunAsync()
    {
        List<Task> replicas = node.IsJob ? [RunJobAsync()] : [.. Enumerable.Range(0, node.Replicas).Select(KeepRunningAsync)];
        try
        {
            // Replicas run for ever: the first to end does so because of a failure or the stop, and the others must not hide it.
            await await Task.WhenAny(replicas);
        }
        finally
        {
            if (stop.IsCancellationRequested)
                await Task.WhenAll(replicas).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task RunJobAsync()
    {
        report.Entered(node, ResourceState.Starting);
        var instance = await launcher.LaunchAsync(node, 0, stop);
        node.Running(0, instance);
        var code = await instance.Exited.WaitAsync(stop);
        node.Gone(0);
        await instance.DisposeAsync();
        node.MarkCompleted(code, report.Elapsed);
        if (code != 0)
            throw new HostingException(Failure($"{node.Name} failed with exit code {code.ToString(CultureInfo.InvariantCulture)}, and the others wait for it."));
        report.Entered(node, ResourceState.Finished);
    }

    private async Task KeepRunningAsync(int replica)
    {
        var backOff = new BackOff();
        report.Entered(node, ResourceState.Starting);
        while (true)
        {
            var began = clock.GetTimestamp();
            var end = await RunOnceAsync(replica);
            var wait = backOff.Next(clock.GetElapsedTime(began));
            if (!node.Ready.IsCompleted && backOff.Crashes >= AttemptsToStart)
                throw new HostingException(Failure($"{node.NameOf(replica)} {end} {AttemptsToStart} times without becoming healthy."));
            node.Enter(ResourceState.Restarting);
            report.Restarting(node, replica, end, wait);
            await Task.Delay(wait, clock, stop);
        }
    }

    /// <summary>Runs a replica to its end, and says how it ended.</summary>
    private async Task<string> RunOnceAsync(int replica)
    {
        Instance instance;
        try
        {
            instance = await launcher.LaunchAsync(node, replica, stop);
        }
        catch (HostingException problem) when (node.Ready.IsCompleted)
        {
            return $"could not start again ({problem.Message})";
        }

        node.Running(replica, instance);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = WatchHealthAsync(replica, ended.Token);
        var code = await instance.Exited.WaitAsync(stop);
        await ended.CancelAsync();
        await watching;
        node.Gone(replica);
        await instance.DisposeAsync();
        return $"ended with exit code {code.ToString(CultureInfo.InvariantCulture)}";
    }

    private async Task WatchHealthAsync(int replica, CancellationToken ended)
    {
        var began = clock.GetTimestamp();
        bool? was = null;
        var complained = false;
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var healthy = await probe.IsHealthyAsync(node.Resource, replica, ended);
                if (ended.IsCancellationRequested)
                    return;
                if (healthy != was && (healthy || was == true))
                    await ChangedAsync(replica, healthy);
                if (!healthy && !complained && clock.GetElapsedTime(began) > Patience)
                    complained = report.StillWaiting(node, replica);
                was = healthy;
                await Task.Delay(healthy ? PollWhileHealthy : PollWhileStarting, clock, ended);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ChangedAsync(int replica, bool healthy)
    {
        var wholeResource = node.SetHealth(replica, healthy);
        if (!healthy)
            report.Unhealthy(node, replica);
        else if (wholeResource)
            await report.HealthyAsync(node, stop);
    }

    // What went wrong stands at the head of an unhandled exception, and its stack, already shown above, below it.
    private string Failure(string sentence)
    {
        var lines = node.LastLines;
        var head = lines.ToList().FindLastIndex(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal));
        var telling = head >= 0 ? lines.Skip(head).Take(TellingLines) : lines.TakeLast(TellingLines);
        return string.Join(Environment.NewLine, [sentence, .. telling.Select(line => "    " + line)]);
    }
}
