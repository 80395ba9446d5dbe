using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Data;

/// <summary>A kind of rows of which the expired ones can go.</summary>
public interface ITidying
{
    /// <summary>Removes them. They are refused whether or not they are still there, and every replica may do it at once.</summary>
    Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Removes what has expired, of every kind, every ten minutes.</summary>
internal sealed partial class Tidying(IServiceScopeFactory scopes, IEnumerable<ITidying> kinds, TimeProvider clock, ILogger<Tidying> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RunAsync(stoppingToken);
    }

    /// <summary>Once, now.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.Tidying.Begin();
        foreach (var kind in kinds)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await kind.RemoveExpiredAsync(scope.ServiceProvider, clock.GetUtcNow(), cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                NotRemoved(failure, kind.GetType().Name);
            }
        }
    }

    [LoggerMessage(4101, LogLevel.Warning, "What has expired could not be removed ({Kind}); the next try is in ten minutes.")]
    private partial void NotRemoved(Exception failure, string kind);
}
