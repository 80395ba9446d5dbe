using System.Runtime.CompilerServices;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Storage.Audit;

/// <summary>
/// Takes what transactions have kept for the trail (<see cref="AuditTrail"/>) on into the chain, in one statement by a function of the schema's owner
/// (<see cref="AuditForwardSql"/>): out of the one table and into the other, or neither. Right after a commit of this replica, and with it what else one
/// order keeps within moments; what a replica that died has kept, any other takes on at its next look.
/// </summary>
internal sealed partial class AuditForwarder<TContext>(
    CheckpointWriter checkpoints, CommitSignal<WaitingAuditRow> signal, IServiceScopeFactory scopes, TimeProvider clock, ILogger<AuditForwarder<TContext>> logger)
    : PeriodicWorker(DatabaseTask.Audit, AuditForwarder<TContext>.Interval, clock)
    where TContext : DbContext
{
    private const int Batch = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);

    private readonly Lock stopping = new();
    private Task? lastPass;

    protected override bool BeginsAtOnce => true;

    /// <summary>The last pass: what was done last is in the chain too, and signed. One, however many stop the service at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task pass;
        lock (stopping)
            pass = lastPass ??= PassLastAsync(cancellationToken);
        await pass;
    }

    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        var (done, batch) = (0, 0);
        do
        {
            batch = await scopes.WithDatabaseAsync((TContext database) => ForwardAsync(database, cancellationToken));
            done += batch;
        }
        while (batch == Batch);
        return done;
    }

    protected override void LogFailure(Exception failure) => NotForwarded(failure);

    protected override async Task WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        if (await signal.WaitAsync(Interval, cancellationToken))
            await signal.GatherAsync(Gathering, cancellationToken);
    }

    private async Task PassLastAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunOnceAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            LogFailure(failure);
        }
    }

    private async Task<int> ForwardAsync(TContext database, CancellationToken cancellationToken)
    {
        // The model's own name is all that is put into the text. What comes back is committed when the statement has ended.
        var schema = database.Model.FindEntityType(typeof(AuditRow))!.GetSchema()!;
        var rows = await database.Set<AuditRow>().FromSql(FormattableStringFactory.Create($"select * from {schema}.audit_forward({{0}})", Batch))
            .AsNoTracking().ToListAsync(cancellationToken);
        if (rows.MaxBy(row => row.Id) is { } last)
            checkpoints.Reached(new(schema, last.Id, last.Hash));
        return rows.Count;
    }

    [LoggerMessage(4114, LogLevel.Error, "What transactions have kept for the audit trail could not be taken on into it; it waits in the database.")]
    private partial void NotForwarded(Exception failure);
}
