using Npgsql;

namespace SecureShop.Identity.Audit;

/// <summary>
/// Writes what is queued, many rows in one statement. What Postgres does not take now is tried again; rows that were written although
/// the answer was lost are not written twice.
/// </summary>
internal sealed partial class AuditWriter(
    AuditQueue queue, IServiceScopeFactory scopes, SecurityLog security, TimeProvider clock, ILogger<AuditWriter> logger) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long one try may take, and how long a stop waits for Postgres.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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
                await scopes.WithDatabaseAsync(database => InsertAsync(database, batch.ConvertAll(entry => entry.Row), attempt.Token));
                batch.ForEach(entry => entry.Written.TrySetResult());
                Report();
                return;
            }
            catch (PostgresException refused) when (refused.SqlState.StartsWith("22", StringComparison.Ordinal) || refused.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                // Rows that can never be written would keep all others waiting.
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

    private static Task<int> InsertAsync(IdentityDbContext database, List<AuditRow> rows, CancellationToken cancellationToken)
        => database.Database.ExecuteSqlAsync(
            $"""
             insert into identity.audit_events
                 (mark, at, event_id, event_name, reason, subject, actor, client, network, method, route, status, trace_id, details)
             select mark, at, event_id, event_name, reason, subject, actor, client, network, method, route, status, trace_id, details::jsonb
             from unnest(
                 {Of(rows, row => row.Mark)}, {Of(rows, row => row.At)}, {Of(rows, row => row.EventId)}, {Of(rows, row => row.EventName)}, {Of(rows, row => row.Reason)},
                 {Of(rows, row => row.Subject)}, {Of(rows, row => row.Actor)}, {Of(rows, row => row.Client)}, {Of(rows, row => row.Network)}, {Of(rows, row => row.Method)},
                 {Of(rows, row => row.Route)}, {Of(rows, row => row.Status)}, {Of(rows, row => row.TraceId)}, {Of(rows, row => row.Details)})
                 with ordinality as rows
                 (mark, at, event_id, event_name, reason, subject, actor, client, network, method, route, status, trace_id, details, place)
             order by place
             on conflict (mark) do nothing
             """,
            cancellationToken);

    private static T[] Of<T>(List<AuditRow> rows, Func<AuditRow, T> column) => [.. rows.Select(column)];

    private void Report()
    {
        if (queue.TakeLost() is > 0 and var count)
            security.ForCurrentRequest().AuditLost(count);
    }

    [LoggerMessage(4110, LogLevel.Error, "The audit table takes no rows; {Waiting} wait")]
    private partial void NotWritten(int waiting, Exception failure);
}
