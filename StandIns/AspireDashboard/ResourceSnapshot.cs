namespace SecureShop.StandIns.AspireDashboard;

/// <summary>A resource at one moment.</summary>
public sealed record ResourceSnapshot
{
    /// <summary>Its name in the model.</summary>
    public required string Name { get; init; }

    /// <summary><c>project</c>, <c>job</c>, <c>postgres</c> or <c>redis</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <c>waiting</c> (for others), <c>starting</c>, <c>running</c> (its health is not known yet, or it has none), <c>healthy</c>,
    /// <c>unhealthy</c>, <c>restarting</c>, <c>stopping</c>, <c>stopped</c> (by command), <c>finished</c> (a job) or <c>failed</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Crashes after which it was started again, and restarts by command.</summary>
    public int Restarts { get; init; }

    /// <summary>When its newest replica started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long the first start took, until healthy or finished.</summary>
    public TimeSpan? ReadyAfter { get; init; }

    /// <summary>What went wrong last, one sentence; null when nothing did.</summary>
    public string? LastProblem { get; init; }

    /// <summary>The resources it waits for.</summary>
    public IReadOnlyList<string> WaitsFor { get; init; } = [];

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<ResourceEndpoint> Endpoints { get; init; } = [];

    /// <summary>Its copies, at least one.</summary>
    public required IReadOnlyList<ReplicaSnapshot> Replicas { get; init; }

    /// <summary>What it can be told now.</summary>
    public IReadOnlyList<ResourceCommand> Commands { get; init; } = [];
}

/// <summary>An address of a resource.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Address">A URL, or host and port where no browser can go.</param>
/// <param name="External">Whether the world may reach it, in a deployment.</param>
public sealed record ResourceEndpoint(string Name, string Address, bool External);

/// <summary>One copy of a resource.</summary>
/// <param name="Name">As its lines on the console are marked.</param>
/// <param name="State">As of a resource.</param>
/// <param name="ProcessId">Null when it does not run, or runs as several processes.</param>
/// <param name="StartedAt">When it started last.</param>
/// <param name="ExitCode">How it ended last.</param>
public sealed record ReplicaSnapshot(string Name, string State, int? ProcessId, DateTimeOffset? StartedAt, int? ExitCode);
