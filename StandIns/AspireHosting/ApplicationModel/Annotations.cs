namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>Collects the environment of a resource while it starts.</summary>
public sealed class EnvironmentCallbackContext
{
    /// <summary>Texts and values that are filled in last.</summary>
    public required Dictionary<string, object> EnvironmentVariables { get; init; }

    /// <summary>How the model is used.</summary>
    public required DistributedApplicationExecutionContext ExecutionContext { get; init; }

    /// <summary>The resource that starts.</summary>
    public required IResource Resource { get; init; }

    /// <summary>Gives up.</summary>
    public CancellationToken CancellationToken { get; init; }
}

internal sealed record EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> Callback) : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record DataVolumeAnnotation : IResourceAnnotation;

internal sealed record HttpHealthCheckAnnotation(EndpointReference Endpoint, string Path, int StatusCode) : IResourceAnnotation;

internal enum WaitType
{
    UntilHealthy,
    UntilStarted,
    UntilCompleted,
}

internal sealed record WaitAnnotation(IResource Resource, WaitType Type) : IResourceAnnotation;

internal sealed record EndpointsReferenceAnnotation(IResourceWithEndpoints Resource, HashSet<string> Names) : IResourceAnnotation;

internal sealed record ReadyCallbackAnnotation(Func<ResourceReadyEvent, CancellationToken, Task> Callback) : IResourceAnnotation;

/// <summary>A resource is up and healthy for the first time.</summary>
/// <param name="Resource">The resource.</param>
public sealed record ResourceReadyEvent(IResource Resource);
