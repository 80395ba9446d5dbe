namespace SecureShop.StandIns.AspireDashboard;

/// <summary>The host, as the dashboard sees it: what it runs, and what it can be told to do. Safe to call from any thread.</summary>
public interface IResourceHost
{
    /// <summary>Every resource as it is now, in the order in which they are shown.</summary>
    IReadOnlyList<ResourceSnapshot> Resources { get; }

    /// <summary>
    /// The variables that the host handed to a resource, sorted by name; of replicas, the first one's. Empty before its
    /// first start. Secrets are recognised and taken out here, in the host: the dashboard never holds one.
    /// </summary>
    /// <param name="resource">A name of <see cref="Resources"/>.</param>
    IReadOnlyList<EnvironmentVariable> EnvironmentOf(string resource);

    /// <summary>Does what was asked; it ends when the command has been taken, not when its effect is complete.</summary>
    /// <returns>Null when taken, else one sentence that says why not.</returns>
    Task<string?> ExecuteAsync(string resource, ResourceCommand command, CancellationToken cancellationToken);
}

/// <summary>What a resource can be told to do.</summary>
public enum ResourceCommand
{
    /// <summary>Start again what was stopped, or run a job once more.</summary>
    Start,

    /// <summary>End every replica; it stays down until it is started.</summary>
    Stop,

    /// <summary>End every replica and start it anew.</summary>
    Restart,
}

/// <summary>A variable; the value of a secret is null.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, or null for a secret.</param>
public sealed record EnvironmentVariable(string Name, string? Value);
