namespace SecureShop.StandIns.AspireDashboard.Api;

internal sealed record ResourcesAnswer(IReadOnlyList<ResourceAnswer> Resources);

/// <summary>A resource; its environment only where it alone was asked for.</summary>
internal sealed record ResourceAnswer(
    string Name,
    string Kind,
    string State,
    int Restarts,
    double? StartedAt,
    double? ReadyAfter,
    string? LastProblem,
    IReadOnlyList<string> WaitsFor,
    IReadOnlyList<EndpointAnswer> Endpoints,
    IReadOnlyList<ReplicaAnswer> Replicas,
    IReadOnlyList<string> Commands,
    IReadOnlyList<VariableAnswer>? Environment = null);

/// <summary>Where it listens, and whether a browser can go there.</summary>
internal sealed record EndpointAnswer(string Name, string Address, bool External, bool Link);

internal sealed record ReplicaAnswer(string Name, string State, int? ProcessId, double? StartedAt, int? ExitCode);

internal sealed record VariableAnswer(string Name, string? Value, bool Secret);
