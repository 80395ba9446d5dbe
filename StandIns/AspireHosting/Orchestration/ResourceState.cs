namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>How far a resource, or one copy of it, has come. Of copies in several states, the resource is in the first of these.</summary>
internal enum ResourceState
{
    /// <summary>Ends, because that was asked for or because AppHost ends.</summary>
    Stopping,

    /// <summary>A job that did not do what it is for.</summary>
    Failed,

    /// <summary>Crashed; it is started again after a pause.</summary>
    Restarting,

    /// <summary>Is being started; there is no process yet, or it is not yet a server.</summary>
    Starting,

    /// <summary>Runs, and fails its health check.</summary>
    Unhealthy,

    /// <summary>Runs; its health is not known yet.</summary>
    Running,

    /// <summary>Waits for others before its first start.</summary>
    Waiting,

    /// <summary>Runs, and passes its health check if it has one.</summary>
    Healthy,

    /// <summary>A job that is done.</summary>
    Finished,

    /// <summary>Ended as asked; stays down until it is started.</summary>
    Stopped,
}
