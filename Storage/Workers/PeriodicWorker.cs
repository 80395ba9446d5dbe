using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Workers;

/// <summary>
/// Does the same again and again, in nobody's name, in any number of replicas: a pass, a wait, the next pass. What goes wrong in one is
/// logged and left to the next: the database may be away for a while, and what waits, waits in it.
/// </summary>
/// <param name="task">What the database is asked for.</param>
/// <param name="interval">From pass to pass.</param>
/// <param name="clock">The time.</param>
public abstract class PeriodicWorker(DatabaseTask task, TimeSpan interval, TimeProvider clock) : BackgroundService
{
    /// <summary>The time.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>Whether the first pass is made at the start, and not an interval later.</summary>
    protected virtual bool BeginsAtOnce => false;

    /// <summary>One pass, now. Says how much it has done.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        using var acting = task.Begin();
        return await PassAsync(cancellationToken);
    }

    /// <summary>Does what is due, within bounds. Says how much that was.</summary>
    protected abstract Task<int> PassAsync(CancellationToken cancellationToken);

    /// <summary>Says in the log that a pass has failed.</summary>
    protected abstract void LogFailure(Exception failure);

    /// <summary>Whether the service had better end than go on with this; no failure is like that by itself.</summary>
    protected virtual bool IsFatal(Exception failure) => false;

    /// <summary>Waits for the next pass: for the timer, or for what says earlier that there is something to do.</summary>
    protected virtual async Task WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        await timer.WaitForNextTickAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        if (!BeginsAtOnce)
            await WaitAsync(timer, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested && !IsFatal(failure))
            {
                LogFailure(failure);
            }

            await WaitAsync(timer, stoppingToken);
        }
    }
}
