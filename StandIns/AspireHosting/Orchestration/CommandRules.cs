using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>What a resource can be told in which state. While it is on its way to another state, nothing: it would be told twice.</summary>
internal static class CommandRules
{
    public static IReadOnlyList<ResourceCommand> Allowed(ResourceState state) => state switch
    {
        ResourceState.Running or ResourceState.Healthy or ResourceState.Unhealthy or ResourceState.Restarting => [ResourceCommand.Stop, ResourceCommand.Restart],
        ResourceState.Stopped or ResourceState.Finished or ResourceState.Failed => [ResourceCommand.Start],
        _ => [],
    };

    /// <summary>One sentence that says why not; null when it may.</summary>
    public static string? Refusal(string name, ResourceState state, ResourceCommand command) => Allowed(state).Contains(command) ? null : state switch
    {
        ResourceState.Waiting => $"{name} waits for others; try again when it runs.",
        ResourceState.Starting => $"{name} is starting; try again when it runs.",
        ResourceState.Stopping => $"{name} is stopping; try again when it has stopped.",
        ResourceState.Restarting => $"{name} crashed and is about to start again by itself; restart it to have that at once.",
        ResourceState.Stopped => $"{name} is stopped; it can be started.",
        ResourceState.Finished or ResourceState.Failed => $"{name} has ended; start it to run it once more.",
        _ => $"{name} runs already.",
    };
}
