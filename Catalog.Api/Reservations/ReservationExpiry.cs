using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Catalog.Reservations;

/// <summary>
/// Gives back what was held for somebody who did not pay in time (P41: whoever orders and never pays would empty the shop). Any number of
/// replicas may run it.
/// </summary>
internal sealed partial class ReservationExpiry(
    IServiceScopeFactory scopes, TimeProvider clock, IOptions<ReservationOptions> options, ILogger<ReservationExpiry> logger)
    : PeriodicWorker(DatabaseTask.Reconciling, options.Value.Interval, clock)
{
    /// <summary>Ends what is due, each in a transaction of its own, at most a batch.</summary>
    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        for (var done = 0; done < options.Value.BatchSize; done++)
        {
            if (!await scopes.WithDatabaseAsync((CatalogDbContext database) => EndNextAsync(database, cancellationToken)))
                return done;
            ReservationMetrics.Answered("expired");
        }

        return options.Value.BatchSize;
    }

    protected override void LogFailure(Exception failure) => LookFailed(failure);

    /// <summary>"skip locked" keeps replicas off each other's rows, and off one that is just being confirmed; the lock lasts until its stock is back.</summary>
    private Task<bool> EndNextAsync(CatalogDbContext database, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async () =>
            {
                var now = Clock.GetStoredNow();
                var due = await database.Database.SqlQuery<Guid>(
                    $"""
                     select order_id as "Value" from catalog.reservations
                     where expires_at <= {now} and confirmed_at is null and released_at is null
                     order by expires_at limit 1 for update skip locked
                     """).ToListAsync(cancellationToken);
                if (due is not [var orderId])
                    return false;
                await database.EndAsync(orderId, expired: true, now, cancellationToken);
                return true;
            },
            cancellationToken);

    [LoggerMessage(3001, LogLevel.Error, "Reservations whose time is over could not be looked at; they are tried again.")]
    private partial void LookFailed(Exception failure);
}
