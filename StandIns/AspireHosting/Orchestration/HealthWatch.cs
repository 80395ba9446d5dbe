namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Asks a replica for its health as long as it runs.</summary>
internal sealed class HealthWatch(HealthProbe probe, StartReport report, TimeProvider clock)
{
    private static readonly TimeSpan PollWhileStarting = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan PollWhileUnhealthy = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PollWhileHealthy = TimeSpan.FromSeconds(5);

    // Until then it is taken to be on its way.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Watches until told that the replica has ended.</summary>
    public async Task WatchAsync(ResourceNode node, int replica, CancellationToken ended)
    {
        try
        {
            if (node.IsJob)
                await Task.Delay(Timeout.Infinite, ended);
            await AskAsync(node, replica, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // It has ended, or is about to be stopped.
        }
    }

    private async Task AskAsync(ResourceNode node, int replica, CancellationToken ended)
    {
        var began = clock.GetTimestamp();
        bool? was = null;
        while (true)
        {
            var problem = await probe.ProblemOfAsync(node.Resource, replica, ended);
            ended.ThrowIfCancellationRequested();
            var late = clock.GetElapsedTime(began) > Patience;
            if (problem is null && was != true)
            {
                was = true;
                if (node.Enter(replica, ResourceState.Healthy) == ResourceState.Healthy)
                    await report.HealthyAsync(node, ended);
            }
            else if (problem is not null && (was == true || (was is null && late)))
            {
                node.Enter(replica, ResourceState.Unhealthy, $"{node.NameOf(replica)} {problem}.");
                report.Unhealthy(node, replica, problem, never: was is null);
                was = false;
            }

            await Task.Delay(problem is null ? PollWhileHealthy : late ? PollWhileUnhealthy : PollWhileStarting, clock, ended);
        }
    }
}
