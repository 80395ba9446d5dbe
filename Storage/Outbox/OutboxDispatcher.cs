using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Storage.Outbox;

/// <summary>
/// Carries out what nobody has carried out at once: what a crash, a timeout or another service in trouble left. Any number of replicas may run it.
/// </summary>
public sealed partial class OutboxDispatcher<TContext>(
    IServiceScopeFactory scopes, SecurityLog security, TimeProvider clock, IOptions<OutboxOptions> options, ILogger<OutboxDispatcher<TContext>> logger)
    : PeriodicWorker(DatabaseTask.Reconciling, options.Value.Interval, clock)
    where TContext : DbContext
{
    private static readonly ActivitySource Source = new("SecureShop.Outbox");

    /// <summary>Carries due messages out, one after the other, at most a batch.</summary>
    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        for (var done = 0; done < options.Value.BatchSize; done++)
        {
            if (await LeaseDueAsync(cancellationToken) is not { } id)
                return done;
            await TryAsync(id, cancellationToken);
        }

        return options.Value.BatchSize;
    }

    /// <inheritdoc />
    protected override void LogFailure(Exception failure) => LookFailed(failure);

    /// <summary>
    /// Leases the message that waits longest, in one statement. "skip locked" keeps replicas off each other's rows, the lease keeps them off each
    /// other's messages after the statement, and a replica that dies loses its lease by time.
    /// </summary>
    private async Task<Guid?> LeaseDueAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetStoredNow();
        var leased = await scopes.WithDatabaseAsync((TContext database) =>
        {
            // The model's own name of the table is all that is put into the text.
            var table = database.TableOf<OutboxMessage>();
            return database.Database.SqlQuery<Guid>(FormattableStringFactory.Create(
                $$"""
                update {{table}} set next_attempt_at = {0}
                where id in (
                    select id from {{table}} where next_attempt_at <= {1} and parked_at is null
                    order by next_attempt_at limit 1 for update skip locked)
                returning id as "Value"
                """,
                now + options.Value.Lease,
                now)).ToListAsync(cancellationToken);
        });
        return leased.Count == 0 ? null : leased[0];
    }

    private async Task TryAsync(Guid id, CancellationToken cancellationToken)
    {
        // A trace of its own: the request that began it is long over. A look that finds nothing leaves none.
        using var span = Source.StartActivity("carry out a message");
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();

        // Gone where somebody else, whose lease was over, has come to its end after all.
        if (await database.Set<OutboxMessage>().SingleOrDefaultAsync(message => message.Id == id, cancellationToken) is not { } message)
            return;
        span?.SetTag("outbox.kind", message.Kind);
        if (message.Failures >= options.Value.MaxFailures)
        {
            await ParkAsync(database, message, cancellationToken);
            return;
        }

        var (attempts, failures) = (message.Attempts, message.Failures);
        try
        {
            await scope.ServiceProvider.GetRequiredKeyedService<IOutboxHandler>(message.Kind).CarryOutAsync(message, cancellationToken);
            OutboxMetrics.Tried(message.Kind, message.Failures > failures ? "failed" : message.Attempts > attempts ? "put_off" : "done");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            OutboxMetrics.Tried(message.Kind, "failed");
            MessageFailed(message.Kind, message.Subject, failure);
            await PutOffAsync(id, cancellationToken);
        }
    }

    /// <summary>With a context of its own: that of what failed may hold half of it.</summary>
    private Task<int> PutOffAsync(Guid id, CancellationToken cancellationToken) => scopes.WithDatabaseAsync(async (TContext database) =>
    {
        if (await database.Set<OutboxMessage>().SingleOrDefaultAsync(message => message.Id == id, cancellationToken) is not { } message)
            return 0;
        message.PutOff(Clock.GetStoredNow() + options.Value.DelayAfter(message.Attempts + 1), failed: true);
        return await SaveAsync(database, cancellationToken);
    });

    /// <summary>A message that can never be carried out would be tried for ever, and those who watch would get used to it.</summary>
    private async Task ParkAsync(TContext database, OutboxMessage message, CancellationToken cancellationToken)
    {
        message.Park(Clock.GetStoredNow());
        if (await SaveAsync(database, cancellationToken) == 0)
            return;
        OutboxMetrics.Tried(message.Kind, "parked");
        MessageParked(security.ForCurrentRequest(), message.Kind, message.Id, message.Subject, message.Failures);
    }

    private static async Task<int> SaveAsync(TContext database, CancellationToken cancellationToken)
    {
        try
        {
            return await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else has it now, and says what becomes of it.
            return 0;
        }
    }

    [LoggerMessage(4141, LogLevel.Error, "A message is parked after {Failures} failures: {Kind} of {About}")]
    private static partial void MessageParked(ILogger security, string kind, Guid message, Guid about, int failures);

    [LoggerMessage(4142, LogLevel.Error, "The message {Kind} of {About} failed; it is tried again.")]
    private partial void MessageFailed(string kind, Guid about, Exception failure);

    [LoggerMessage(4143, LogLevel.Error, "Waiting messages could not be looked at; they are tried again.")]
    private partial void LookFailed(Exception failure);
}
