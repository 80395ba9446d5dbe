using System.Runtime.CompilerServices;
using Npgsql;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Audit;

/// <summary>
/// Writes what is queued, many rows in one statement. What Postgres does not take now is tried again; rows that were written although
/// the answer was lost are not written twice.
/// </summary>
internal sealed partial class AuditWriter<TContext>(
    AuditQueue queue, IServiceScopeFactory scopes, SecurityLog security, TimeProvider clock, ILogger<AuditWriter<TContext>> logger) : BackgroundService
    where TContext : DbContext
{
    private const string Columns = "mark, at, event_id, event_name, reason, subject, actor, client, network, method, route, status, trace_id";
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
                await scopes.WithDatabaseAsync((TContext database) => InsertAsync(database, batch.ConvertAll(entry => entry.Row), attempt.Token));
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

    private static Task<int> InsertAsync(TContext database, List<AuditRow> rows, CancellationToken cancellationToken)
    {
        // The model's own name of the table is all that is put into the text.
        var table = database.Model.FindEntityType(typeof(AuditRow))!.GetSchemaQualifiedTableName();
        object[] columns =
        [
            Of(row => row.Mark), Of(row => row.At), Of(row => row.EventId), Of(row => row.EventName), Of(row => row.Reason), Of(row => row.Subject), Of(row => row.Actor),
            Of(row => row.Client), Of(row => row.Network), Of(row => row.Method), Of(row => row.Route), Of(row => row.Status), Of(row => row.TraceId), Of(row => row.Details),
        ];
        var sql = $$"""
            insert into {{table}} ({{Columns}}, details)
            select {{Columns}}, details::jsonb
            from unnest({{string.Join(", ", columns.Select((_, place) => $"{{{place}}}"))}}) with ordinality as rows ({{Columns}}, details, place)
            order by place
            on conflict (mark) do nothing
            """;
        return database.Database.ExecuteSqlAsync(FormattableStringFactory.Create(sql, columns), cancellationToken);

        T[] Of<T>(Func<AuditRow, T> column) => [.. rows.Select(column)];
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
