using System.Collections.Concurrent;
using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>A host with resources that do not run, and that remembers what it was told.</summary>
public sealed class TestHost : IResourceHost
{
    public IReadOnlyList<ResourceSnapshot> Resources { get; set; } = SampleResources.All;

    public ConcurrentQueue<(string Resource, ResourceCommand Command)> Told { get; } = new();

    /// <summary>What it says to every command; null takes it.</summary>
    public string? Refusal { get; set; }

    public IReadOnlyList<EnvironmentVariable> EnvironmentOf(string resource) => SampleResources.Environment;

    public Task<string?> ExecuteAsync(string resource, ResourceCommand command, CancellationToken cancellationToken)
    {
        Told.Enqueue((resource, command));
        return Task.FromResult(Refusal);
    }
}
