using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Storage.Data;

/// <summary>A kind of rows of which the expired ones can go.</summary>
public interface ITidying
{
    /// <summary>Removes them. They are refused whether or not they are still there, and every replica may do it at once.</summary>
    Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Removes what has expired, of every kind, every ten minutes.</summary>
internal sealed partial class Tidying(IServiceScopeFactory scopes, IEnumerable<ITidying> kinds, TimeProvider clock, ILogger<Tidying> logger)
    : PeriodicWorker(DatabaseTask.Tidying, TimeSpan.FromMinutes(10), clock)
{
    /// <summary>A kind that fails keeps none of the others from going.</summary>
    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var kind in kinds)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await kind.RemoveExpiredAsync(scope.ServiceProvider, Clock.GetUtcNow(), cancellationToken);
                done++;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                NotRemoved(failure, kind.GetType().Name);
            }
        }

        return done;
    }

    protected override void LogFailure(Exception failure) => NotRemoved(failure, "all");

    [LoggerMessage(4101, LogLevel.Warning, "What has expired could not be removed ({Kind}); the next try is in ten minutes.")]
    private partial void NotRemoved(Exception failure, string kind);
}
