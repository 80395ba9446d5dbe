using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Shows the dashboard what runs, and passes its commands on.</summary>
internal sealed class ResourceBoard(DependencyGraph graph, SecretValues secrets) : IResourceHost
{
    public IReadOnlyList<ResourceSnapshot> Resources => [.. graph.Nodes.Select(SnapshotOf)];

    public IReadOnlyList<EnvironmentVariable> EnvironmentOf(string resource) => Find(resource)?.Environment ?? [];

    public Task<string?> ExecuteAsync(string resource, ResourceCommand command, CancellationToken cancellationToken) =>
        Task.FromResult(Find(resource) is { } node ? node.Take(command) : "There is no such resource.");

    private ResourceNode? Find(string resource) => graph.Nodes.FirstOrDefault(node => string.Equals(node.Name, resource, StringComparison.Ordinal));

    private ResourceSnapshot SnapshotOf(ResourceNode node) => node.Read(replicas =>
    {
        var state = node.State;
        return new ResourceSnapshot
        {
            Name = node.Name,
            Kind = KindOf(node),
            State = Text(state),
            Restarts = node.Restarts,
            StartedAt = replicas.Max(replica => replica.StartedAt),
            ReadyAfter = node.ReadyAfter,
            // What a program or a server said about its failure may stand in it.
            LastProblem = node.LastProblem is { } problem ? secrets.Hide(problem) : null,
            WaitsFor = graph.WaitsFor(node),
            Endpoints = node.Resource is IResourceWithEndpoints listens
                ? [.. listens.GetEndpoints().Select(endpoint => new ResourceEndpoint(endpoint.EndpointName, endpoint.Address, endpoint.EndpointAnnotation.IsExternal))]
                : [],
            Replicas = [.. replicas.Select(replica => new ReplicaSnapshot(
                replica.Name, Text(replica.State), replica.Instance?.ProcessId, replica.StartedAt, replica.Instance is null ? replica.ExitCode : null))],
            Commands = CommandRules.Allowed(state),
        };
    });

    private static string KindOf(ResourceNode node) => node.Resource switch
    {
        PostgresServerResource => "postgres",
        RedisResource => "redis",
        _ => node.IsJob ? "job" : "project",
    };

    private static string Text(ResourceState state) => state.ToString().ToLowerInvariant();
}
