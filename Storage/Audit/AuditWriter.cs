using Npgsql;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Audit;

/// <summary>
/// Writes what is queued, many rows in one statement, which the database chains. What Postgres does not take now is tried again; rows that
/// were written although the answer was lost are not written twice.
/// </summary>
internal sealed partial class AuditWriter<TContext>(
    AuditQueue queue, CheckpointWriter checkpoints, IServiceScopeFactory scopes, SecurityLog security, TimeProvider clock, ILogger<AuditWriter<TContext>> logger) : BackgroundService
    where TContext : DbContext
{
    private const int Batch = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long one try may take, and how long a stop waits for Postgres.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        await base.StopAsync(cancellationToken);

        // Stopped before it began: what is queued is written all the same.
        if (ExecuteTask is { IsCanceled: true })
            await ExecuteAsync(new(canceled: true));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var acting = DatabaseTask.Audit.Begin();
        List<AuditEntry> batch = [];
        using var ending = new CancellationTokenSource();

        // A stop lets the queue run dry first.
        await using var stopping = stoppingToken.Register(() => ending.CancelAfter(Patience));
        try
        {
            while (await queue.Rows.WaitToReadAsync(ending.Token))
            {
                while (batch.Count < Batch && queue.Rows.TryRead(out var entry))
                    batch.Add(entry);
                await WriteAsync(batch, ending.Token);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            queue.Lose(batch.Count + queue.Rows.Count);
        }

        Report();
    }

    private async Task WriteAsync(List<AuditEntry> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            attempt.CancelAfter(Patience);
            try
            {
                checkpoints.Reached(await scopes.WithDatabaseAsync((TContext database) => AuditInsert.RunAsync(database, batch.ConvertAll(entry => entry.Row), attempt.Token)));
                batch.ForEach(entry => entry.Written.TrySetResult());
                Report();
                return;
            }
            catch (PostgresException refused) when (refused.SqlState.StartsWith("22", StringComparison.Ordinal) || refused.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                // A row that can never be written would keep all others waiting, and may not take those along that happened beside it.
                if (batch.Count > 1)
                {
                    await WriteAsync(batch[..(batch.Count / 2)], cancellationToken);
                    await WriteAsync(batch[(batch.Count / 2)..], cancellationToken);
                    return;
                }

                NotWritten(batch.Count, refused);
                queue.Lose(batch.Count);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                NotWritten(batch.Count + queue.Rows.Count, failure);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    private void Report()
    {
        if (queue.TakeLost() is > 0 and var count)
            AuditLost(security.ForCurrentRequest(), count);
    }

    [LoggerMessage(4110, LogLevel.Error, "The audit table takes no rows; {Waiting} wait")]
    private partial void NotWritten(int waiting, Exception failure);

    // The log has them; the table never will.
    [LoggerMessage(4060, LogLevel.Error, "The audit table lost {Count} events")]
    private static partial void AuditLost(ILogger security, long count);
}
