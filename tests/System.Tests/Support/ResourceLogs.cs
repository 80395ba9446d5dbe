using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.SystemTests.Support;

/// <summary>What every part wrote to its console, from its first line to its last.</summary>
internal sealed class ResourceLogs : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Resource, string Line), bool> lines = new();
    private readonly DistributedApplication app;
    private readonly IReadOnlyList<IResource> resources;
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;

    /// <summary>Watches from now on; what was written before comes first.</summary>
    public ResourceLogs(DistributedApplication app)
    {
        this.app = app;
        resources = [.. app.Services.GetRequiredService<DistributedApplicationModel>().Resources];
        watching = Task.WhenAll(resources.Select(WatchAsync));
    }

    public IEnumerable<string> Lines => lines.Keys.Select(line => $"{line.Resource} | {line.Line}");

    private ResourceLoggerService Logs => app.Services.GetRequiredService<ResourceLoggerService>();

    /// <summary>Adds what a watch might miss: the last words of those that have ended. To be called while the system's own parts still run.</summary>
    public async Task CompleteAsync()
    {
        foreach (var resource in resources)
        {
            await foreach (var batch in Logs.GetAllAsync(resource).WithCancellation(TestContext.Current.CancellationToken))
                Keep(resource, batch);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task WatchAsync(IResource resource)
    {
        try
        {
            await foreach (var batch in Logs.WatchAsync(resource).WithCancellation(stop.Token))
                Keep(resource, batch);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the run.
        }
    }

    private void Keep(IResource resource, IReadOnlyList<LogLine> batch)
    {
        foreach (var line in batch)
            lines.TryAdd((resource.Name, line.Content), true);
    }
}
