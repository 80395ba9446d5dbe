using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Starts the replicas of one resource, starts them again when they crash, and does what the resource is told.</summary>
internal sealed class Supervisor(ResourceNode node, Launcher launcher, HealthWatch health, StartReport report, TimeProvider clock)
{
    private const int AttemptsToStart = 3;

    // As for all of them at shutdown.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    /// <summary>Runs until <paramref name="end"/>; what runs then is left to who ended it.</summary>
    /// <exception cref="HostingException">It does not come up with the system, or the job that others wait for has failed.</exception>
    public async Task RunAsync(CancellationToken end)
    {
        ResourceCommand? command = null;
        while (true)
        {
            node.Starting(again: command == ResourceCommand.Restart);
            report.Starting(node);
            command = await StayUpAsync(end);
            // It is down: all that it takes now is to be started.
            if (command is null or ResourceCommand.Stop)
                command = await node.Commands.ReadAsync(end);
        }
    }

    /// <summary>Asks all that runs of a resource to end, and kills it after the grace.</summary>
    public static Task StopInstancesAsync(ResourceNode node, TimeSpan grace) => Task.WhenAll(Enumerable.Range(0, node.Replicas).Select(async replica =>
    {
        if (node.Read(replicas => replicas[replica].Instance) is not { } instance)
            return;
        await instance.StopAsync(grace);
        node.Ended(replica, await instance.Exited);
        await instance.DisposeAsync();
    }));

    /// <summary>From a start to the command that ends it, which is returned; or to the end of a job, which may have been told to start again.</summary>
    private async Task<ResourceCommand?> StayUpAsync(CancellationToken end)
    {
        using var up = CancellationTokenSource.CreateLinkedTokenSource(end);
        var told = node.Commands.WaitToReadAsync(up.Token).AsTask();
        List<Task> replicas = node.IsJob
            ? [RunJobAsync(up.Token)]
            : [.. Enumerable.Range(0, node.Replicas).Select(replica => KeepRunningAsync(replica, up.Token))];

        // Services run for ever: the first to end does so because of a failure, and the others must not hide it.
        var first = await Task.WhenAny([told, .. replicas]);
        await up.CancelAsync();
        await Task.WhenAll([told, .. replicas]).ContinueWith(_ => { }, TaskScheduler.Default);
        end.ThrowIfCancellationRequested();
        if (!node.Commands.TryRead(out var command))
        {
            await first;
            return null;
        }

        if (command == ResourceCommand.Start)
            return command;
        report.Told(node, command);
        await StopInstancesAsync(node, Grace);
        if (command == ResourceCommand.Stop)
        {
            node.EnterAll(ResourceState.Stopped);
            report.Stopped(node);
        }

        return command;
    }

    private async Task RunJobAsync(CancellationToken up)
    {
        var end = await RunOnceAsync(0, up);
        if (end.ExitCode == 0)
        {
            node.MarkReadyTime(report.Elapsed);
            node.Enter(0, ResourceState.Finished);
            node.MarkCompleted();
            report.Finished(node);
            return;
        }

        var what = end.ExitCode is { } code ? FormattableString.Invariant($"failed with exit code {code}") : end.Text;
        node.Enter(0, ResourceState.Failed, $"{node.Name} {what}.");
        if (node.IsFirstStart)
            throw new HostingException(node.LastLines.Telling($"{node.Name} {what}, and the others wait for it."));
        report.Failed(node, what);
    }

    private async Task KeepRunningAsync(int replica, CancellationToken up)
    {
        var backOff = new BackOff();
        while (true)
        {
            var began = clock.GetTimestamp();
            var end = await RunOnceAsync(replica, up);
            var wait = backOff.Next(clock.GetElapsedTime(began));
            var name = node.NameOf(replica);
            if (node.IsFirstStart && backOff.Crashes >= AttemptsToStart)
            {
                var sentence = $"{name} {end.Text} {AttemptsToStart} times without becoming healthy.";
                node.Enter(replica, ResourceState.Failed, sentence);
                throw new HostingException(node.LastLines.Telling(sentence));
            }

            node.Enter(replica, ResourceState.Restarting, $"{name} {end.Text}.");
            report.Restarting(node, replica, end.Text, wait);
            await Task.Delay(wait, clock, up);
            node.StartingAgain(replica);
        }
    }

    private async Task<End> RunOnceAsync(int replica, CancellationToken up)
    {
        Instance instance;
        try
        {
            instance = await launcher.LaunchAsync(node, replica, up);
        }
        catch (Exception problem) when (!node.IsFirstStart && !up.IsCancellationRequested)
        {
            // The system is up: what keeps one part down is shown, and does not end the others.
            return new(null, $"could not start ({problem.Message})");
        }

        node.Launched(replica, instance, clock.GetUtcNow());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(up);
        var watching = health.WatchAsync(node, replica, ended.Token);
        await Task.WhenAny(instance.Exited, watching);
        await ended.CancelAsync();
        await watching;
        up.ThrowIfCancellationRequested();
        var code = await instance.Exited;
        node.Ended(replica, code);
        await instance.DisposeAsync();
        return new(code, FormattableString.Invariant($"ended with exit code {code}"));
    }

    /// <summary>How a replica ended; without an exit code it never ran.</summary>
    private sealed record End(int? ExitCode, string Text);
}
