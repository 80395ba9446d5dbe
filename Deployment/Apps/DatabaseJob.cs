namespace SecureShop.Deployment;

/// <summary>The command <c>migrate</c>: runs the Database job and waits for its end.</summary>
internal sealed class DatabaseJob(ArmClient arm, AzdSettings settings, TimeProvider clock, TextWriter output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ToAppear = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var job = settings.DatabaseJob;
        var path = settings.PathOf("Microsoft.App/jobs", job);

        // A start that is repeated after a broken connection may run the job twice: it takes a lock and finds its work done.
        var started = await arm.PostAsync<Execution>(
            new($"{path}/start", ContainerApps.ApiVersion), $"start the job {job}", new Poll(clock, output, ToAppear, job), cancellation);
        await output.WriteLineAsync($"Started {job} as {OneLine.Of(started.Name)}".AsMemory(), cancellation);

        var resource = new ArmResource($"{path}/executions/{AzdSettings.Segment(started.Name)}", ContainerApps.ApiVersion);
        var begin = clock.GetTimestamp();
        var container = "CONTAINER";
        var end = await new Poll(clock, output, Longest, started.Name).UntilAsync(PollAsync, cancellation);
        if (end != "Succeeded")
            throw new DeploymentException(Failure(job, started.Name, end, container));
        await output.WriteLineAsync($"{OneLine.Of(started.Name)}: Succeeded".AsMemory(), cancellation);

        async Task<(string? End, string State)> PollAsync()
        {
            try
            {
                var execution = await arm.GetAsync<Execution>(resource, $"see what became of {started.Name}", cancellation);
                container = execution.Properties?.Template?.Containers is [{ Name: { } name }, ..] ? name : container;
                var status = execution.Properties?.Status ?? "Unknown";
                return (status is "Succeeded" or "Failed" or "Stopped" or "Degraded" ? status : null, status);
            }
            catch (ArmException absent) when (absent.Status == 404 && clock.GetElapsedTime(begin) < ToAppear)
            {
                // What was just started may take a moment to show.
                return (null, "not to be seen yet");
            }
        }
    }

    private string Failure(string job, string execution, string? end, string container) =>
        $"{OneLine.Of(execution)} {(end is null ? $"has not ended within {Longest.TotalMinutes:0} minutes and goes on" : $"ended as {end}")}: read what it says, by "
        + $"'az containerapp job logs show --name {job} --resource-group {settings.ResourceGroup} --execution {OneLine.Of(execution)} --container {OneLine.Of(container)}' "
        + $"or in Log Analytics by \"ContainerAppConsoleLogs | where ContainerGroupName startswith '{OneLine.Of(execution)}' | order by TimeGenerated asc | project TimeGenerated, Log\", mend it, and run 'migrate' again.";

    private sealed record Execution(string Name, ExecutionProperties? Properties = null);

    private sealed record ExecutionProperties(string? Status = null, ExecutionTemplate? Template = null);

    private sealed record ExecutionTemplate(IReadOnlyList<Container>? Containers = null);

    private sealed record Container(string? Name = null);
}
