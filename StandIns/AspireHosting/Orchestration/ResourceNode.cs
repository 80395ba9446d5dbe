using System.Globalization;
using System.Threading.Channels;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Servers;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>A resource, how far it has come, and what it was told. Safe to use from any thread.</summary>
internal sealed class ResourceNode(IResource resource, bool isJob)
{
    private readonly Lock _lock = new();
    private readonly Replica[] _replicas = [.. Enumerable.Range(0, ReplicasOf(resource)).Select(replica => new Replica(NameOf(resource, replica)))];

    // One at most: a command puts the resource on its way, and on its way it takes none.
    private readonly Channel<ResourceCommand> _commands = Channel.CreateUnbounded<ResourceCommand>();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _wasTold;
    private bool _closed;

    public IResource Resource { get; } = resource;

    public string Name => Resource.Name;

    /// <summary>A job runs once and others wait for its end; everything else is kept running.</summary>
    public bool IsJob { get; } = isJob;

    public int Replicas => _replicas.Length;

    public LastLines LastLines { get; } = new();

    public ReplicaProxies Proxies { get; } = new();

    /// <summary>Called after every change.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>The first of its processes runs.</summary>
    public Task Started => _started.Task;

    /// <summary>It was healthy once.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The job was done once.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Whether the system is still coming up and waits for it. Once told to stop or start, it no longer speaks for the system.</summary>
    public bool IsFirstStart => !_ready.Task.IsCompleted && !_completed.Task.IsCompleted && !Volatile.Read(ref _wasTold);

    public TimeSpan? ReadyAfter { get; private set; }

    public int Restarts { get; private set; }

    public string? LastProblem { get; private set; }

    /// <summary>What the first replica was started with, without secrets.</summary>
    public IReadOnlyList<EnvironmentVariable> Environment { get; set; } = [];

    public ChannelReader<ResourceCommand> Commands => _commands.Reader;

    public ResourceState State => Read(_ => StateNow());

    public IReadOnlyList<Instance> Instances => Read(replicas => replicas.Select(replica => replica.Instance).OfType<Instance>().ToList());

    public string NameOf(int replica) => _replicas[replica].Name;

    /// <summary>Looks at all that changes, at one moment.</summary>
    public T Read<T>(Func<IReadOnlyList<Replica>, T> look)
    {
        lock (_lock)
            return look(_replicas);
    }

    /// <summary>Takes a command: from here on the resource is on its way. Of two at once, one comes too late and is told.</summary>
    /// <returns>Null when taken, else why not.</returns>
    public string? Take(ResourceCommand command) => Change(() =>
    {
        if (_closed)
            return "AppHost is stopping.";
        if (CommandRules.Refusal(Name, StateNow(), command) is { } refusal)
            return refusal;
        _wasTold = true;
        SetAll(command == ResourceCommand.Start ? ResourceState.Starting : ResourceState.Stopping);
        _commands.Writer.TryWrite(command);
        return null;
    });

    /// <summary>Takes no more commands: what runs is about to be stopped.</summary>
    public void Close() => Change(() => _closed = true);

    /// <summary>All replicas are being started.</summary>
    public void Starting(bool again) => Change(() =>
    {
        SetAll(ResourceState.Starting);
        Restarts += again ? 1 : 0;
    });

    /// <summary>A replica runs.</summary>
    public void Launched(int replica, Instance instance, DateTimeOffset at) => Change(() =>
    {
        // Also when it is given up meanwhile: who stops it has to find it.
        (_replicas[replica].Instance, _replicas[replica].StartedAt) = (instance, at);
        Set(replica, ResourceState.Running);
        _started.TrySetResult();
    });

    /// <summary>A replica has ended.</summary>
    public void Ended(int replica, int exitCode) => Change(() => (_replicas[replica].Instance, _replicas[replica].ExitCode) = (null, exitCode));

    /// <summary>A crashed replica is started again.</summary>
    public void StartingAgain(int replica) => Change(() =>
    {
        Set(replica, ResourceState.Starting);
        Restarts++;
    });

    /// <summary>A replica has come to another state, and why if something is wrong.</summary>
    /// <returns>The state of the whole resource if that changed it, else null.</returns>
    public ResourceState? Enter(int replica, ResourceState state, string? problem = null) => Change<ResourceState?>(() =>
    {
        var before = StateNow();
        Set(replica, state);
        LastProblem = problem ?? LastProblem;
        return StateNow() is var now && now != before ? now : null;
    });

    /// <summary>The whole resource is on its way down, or is down.</summary>
    public void EnterAll(ResourceState state) => Change(() => SetAll(state));

    /// <summary>It was healthy, or done, for the first time.</summary>
    public void MarkReadyTime(TimeSpan after) => Change(() => ReadyAfter ??= after);

    public void MarkReady() => _ready.TrySetResult();

    public void MarkCompleted() => _completed.TrySetResult();

    private ResourceState StateNow() => _replicas.Min(replica => replica.State);

    private void Set(int replica, ResourceState state)
    {
        if (!_replicas[replica].IsGivenUp)
            _replicas[replica].State = state;
    }

    private void SetAll(ResourceState state) => Array.ForEach(_replicas, replica => replica.State = state);

    private void Change(Action change) => Change(() =>
    {
        change();
        return true;
    });

    private T Change<T>(Func<T> change)
    {
        T answer;
        lock (_lock)
        {
            answer = change();
            var healthy = Having(replica => replica is { State: ResourceState.Healthy, Instance: not null });
            Proxies.Aim(healthy.Count > 0 ? healthy : Having(replica => replica is { IsGivenUp: false, Instance: not null }));
        }

        Changed();
        return answer;
    }

    private List<int> Having(Func<Replica, bool> property) => [.. Enumerable.Range(0, _replicas.Length).Where(index => property(_replicas[index]))];

    public static int ReplicasOf(IResource resource) => Math.Max(1, resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1);

    public static string NameOf(IResource resource, int replica) =>
        ReplicasOf(resource) > 1 ? string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{replica + 1}") : resource.Name;
}
