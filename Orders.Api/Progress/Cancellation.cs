using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Data;

namespace SecureShop.Orders.Progress;

/// <summary>Cancels an order: first stored, then carried out by <see cref="OrderProgress"/>, so that no crash loses it.</summary>
internal sealed class Cancellation(
    OrdersDbContext database, OrderProgress progress, TimeProvider clock, IOptions<ProgressOptions> options)
{
    /// <summary>Cancels a placed order. Where somebody else has changed it meanwhile, it is read again and left as they made it.</summary>
    public async Task CancelAsync(Order order, CancellationToken cancellationToken)
    {
        order.Cancel(clock.GetStoredNow() + options.Value.Lease);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            await database.Entry(order).ReloadAsync(cancellationToken);
            return;
        }

        await progress.AdvanceAsync(order);
    }
}
