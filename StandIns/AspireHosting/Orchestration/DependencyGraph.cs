using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Who waits for whom.</summary>
internal sealed class DependencyGraph
{
    private readonly Dictionary<IResource, ResourceNode> _nodes;

    public DependencyGraph(IReadOnlyCollection<IResource> resources)
    {
        var jobs = resources.SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.Type == WaitType.UntilCompleted).Select(wait => wait.Resource).ToHashSet();
        _nodes = resources.Where(Runs).ToDictionary(resource => resource, resource => new ResourceNode(resource, jobs.Contains(resource)));
        Levels = [.. _nodes.Values.GroupBy(node => Depth(node, [])).OrderBy(level => level.Key).Select(level => level.ToList())];
    }

    public IReadOnlyCollection<ResourceNode> Nodes => _nodes.Values;

    /// <summary>Nodes that may start together, those that wait for nobody first.</summary>
    public IReadOnlyList<IReadOnlyList<ResourceNode>> Levels { get; }

    /// <summary>Ends when every part was healthy, or done, once.</summary>
    public Task AllReady => Task.WhenAll(Nodes.Select(node => node.IsJob ? node.Completed : node.Ready));

    /// <summary>Waits until a node may start.</summary>
    public async Task WaitForDependenciesAsync(ResourceNode node, CancellationToken cancellationToken)
    {
        foreach (var (wait, dependency) in Waits(node))
        {
            await (wait.Type switch
            {
                WaitType.UntilHealthy => dependency.Ready,
                WaitType.UntilStarted => dependency.Started,
                _ => dependency.Completed,
            }).WaitAsync(cancellationToken);
        }
    }

    /// <summary>The names of those that a node waits for.</summary>
    public IReadOnlyList<string> WaitsFor(ResourceNode node) => [.. Waits(node).Select(wait => wait.Dependency.Name).Distinct(StringComparer.Ordinal)];

    private int Depth(ResourceNode node, HashSet<ResourceNode> above)
    {
        if (!above.Add(node))
            throw new InvalidOperationException($"'{node.Name}' waits for itself.");
        var depth = Waits(node).Select(wait => Depth(wait.Dependency, above) + 1).DefaultIfEmpty(0).Max();
        above.Remove(node);
        return depth;
    }

    // Values (parameters, connection strings) do not run, so nobody has to wait for them.
    private IEnumerable<(WaitAnnotation Wait, ResourceNode Dependency)> Waits(ResourceNode node) =>
        node.Resource.Annotations.OfType<WaitAnnotation>()
            .Where(wait => _nodes.ContainsKey(Runner(wait.Resource)))
            .Select(wait => (wait, _nodes[Runner(wait.Resource)]));

    private static bool Runs(IResource resource) => resource is ProjectResource or PostgresServerResource or RedisResource;

    private static IResource Runner(IResource resource) => resource is IResourceWithParent child ? child.Parent : resource;
}
