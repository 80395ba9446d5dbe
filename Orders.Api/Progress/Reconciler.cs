using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Orders.Progress;

/// <summary>
/// Ends what a crash, a timeout or a catalog in trouble left half-way. Any number of replicas may run it.
/// </summary>
internal sealed partial class Reconciler(
    IServiceScopeFactory scopes, TimeProvider clock, IOptions<ProgressOptions> options, ILogger<Reconciler> logger) : BackgroundService
{
    private static readonly ActivitySource Source = new("SecureShop.Orders");

    /// <summary>Carries due orders on, one after the other, at most a batch. Says how many.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.Reconciling.Begin();
        for (var done = 0; done < options.Value.BatchSize; done++)
        {
            if (await LeaseDueAsync(cancellationToken) is not { } id)
                return done;
            await AdvanceAsync(id, cancellationToken);
        }

        return options.Value.BatchSize;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The database may be away for a while; the orders wait in it, and the next look finds them.
                LookFailed(failure);
            }
        }
    }

    /// <summary>
    /// Leases the order that waits longest, in one statement. "skip locked" keeps replicas off each other's rows, the lease keeps
    /// them off each other's orders after the statement, and a replica that dies loses its lease by time.
    /// </summary>
    private async Task<Guid?> LeaseDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var until = now + options.Value.Lease;
        var leased = await scopes.WithDatabaseAsync((OrdersDbContext database) => database.Database.SqlQuery<Guid>(
            $"""
             update orders.orders set next_attempt_at = {until}, version = version + 1
             where id in (
                 select id from orders.orders where next_attempt_at <= {now}
                 order by next_attempt_at limit 1 for update skip locked)
             returning id as "Value"
             """).ToListAsync(cancellationToken));
        return leased.Count == 0 ? null : leased[0];
    }

    private async Task AdvanceAsync(Guid id, CancellationToken cancellationToken)
    {
        // A trace of its own: the request that began the order is long over. A look that finds nothing leaves none.
        using var span = Source.StartActivity("reconcile order");
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<OrdersDbContext>();
        var order = await database.Orders.Include(order => order.Lines).SingleAsync(order => order.Id == id, cancellationToken);
        var before = order.State;
        await scope.ServiceProvider.GetRequiredService<OrderProgress>().AdvanceAsync(order);
        OrderAdvanced(id, before, order.State, order.Attempts);
    }

    [LoggerMessage(5011, LogLevel.Information, "Order {OrderId} went from {Before} to {After} after {Attempts} attempts.")]
    private partial void OrderAdvanced(Guid orderId, OrderState before, OrderState after, int attempts);

    [LoggerMessage(5012, LogLevel.Error, "Half-way orders could not be looked at; they are tried again.")]
    private partial void LookFailed(Exception failure);
}
