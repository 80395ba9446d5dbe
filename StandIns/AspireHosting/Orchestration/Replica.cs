namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>One copy of a resource. Its node guards it against being changed by two at once.</summary>
internal sealed class Replica(string name)
{
    /// <summary>As its lines on the console are marked.</summary>
    public string Name => name;

    public ResourceState State { get; set; } = ResourceState.Waiting;

    public Instance? Instance { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>How it ended last.</summary>
    public int? ExitCode { get; set; }

    /// <summary>Whether it is to end or has ended as asked: whatever its supervisor still has to say about it comes too late.</summary>
    public bool IsGivenUp => State is ResourceState.Stopping or ResourceState.Stopped;
}
