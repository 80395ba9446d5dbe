using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

internal enum ResourceState
{
    Waiting,
    Starting,
    Running,
    Healthy,
    Finished,
    Restarting,
    Failed,
    Stopped,
}

/// <summary>Something that runs: a process, or a server that looks after its own.</summary>
internal sealed record Instance(int? ProcessId, Task<int> Exited, Func<TimeSpan, Task> StopAsync, IAsyncDisposable Owned) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Owned.DisposeAsync();
}

/// <summary>A resource and how far it has come.</summary>
internal sealed class ResourceNode(IResource resource, bool isJob)
{
    private const int RememberedLines = 60;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lastLines = new();
    private readonly Instance?[] _instances = new Instance?[Math.Max(1, ReplicasOf(resource))];
    private readonly bool[] _healthy = new bool[Math.Max(1, ReplicasOf(resource))];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IResource Resource { get; } = resource;

    public string Name => Resource.Name;

    /// <summary>A job runs once and others wait for its end; everything else is kept running.</summary>
    public bool IsJob { get; } = isJob;

    public int Replicas => _instances.Length;

    public ResourceState State { get; private set; }

    public TimeSpan? ReadyAfter { get; private set; }

    public Task Started => _started.Task;

    public Task Ready => _ready.Task;

    public Task<int> Completed => _completed.Task;

    public Dictionary<string, TcpProxy> Proxies { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Instance> Instances
    {
        get
        {
            lock (_lock)
                return [.. _instances.OfType<Instance>()];
        }
    }

    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lock)
                return [.. _lastLines];
        }
    }

    public string NameOf(int replica) => Replicas > 1 ? $"{Name}-{replica + 1}" : Name;

    public void Remember(string line)
    {
        lock (_lock)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > RememberedLines)
                _lastLines.Dequeue();
        }
    }

    public void Enter(ResourceState state) => State = state;

    public void Running(int replica, Instance instance)
    {
        lock (_lock)
            _instances[replica] = instance;
        if (State is ResourceState.Waiting or ResourceState.Starting)
            State = ResourceState.Running;
        _started.TrySetResult();
    }

    public void Gone(int replica)
    {
        lock (_lock)
            _instances[replica] = null;
        SetHealth(replica, healthy: false);
    }

    /// <summary>Notes a replica's health; true when this made the whole resource healthy.</summary>
    public bool SetHealth(int replica, bool healthy)
    {
        lock (_lock)
        {
            _healthy[replica] = healthy;
            foreach (var (endpoint, proxy) in Proxies)
            {
                var ports = Endpoint(endpoint).AllocatedTargetPorts;
                var alive = Enumerable.Range(0, Replicas).Where(index => _healthy[index]).Select(index => ports[index]).ToList();
                proxy.Targets = alive.Count > 0 ? alive : ports;
            }

            var all = Array.TrueForAll(_healthy, one => one);
            var became = all && State != ResourceState.Healthy;
            if (all)
                State = ResourceState.Healthy;
            return became;
        }
    }

    public void MarkReadyTime(TimeSpan after) => ReadyAfter ??= after;

    public void MarkReady() => _ready.TrySetResult();

    public void MarkCompleted(int exitCode, TimeSpan after)
    {
        State = exitCode == 0 ? ResourceState.Finished : ResourceState.Failed;
        ReadyAfter ??= after;
        _completed.TrySetResult(exitCode);
    }

    private EndpointAnnotation Endpoint(string name) => Resource.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == name);

    internal static int ReplicasOf(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
}
