using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using SecureShop.Orders.Data;
using SecureShop.Orders.Model;

namespace SecureShop.Orders.Progress;

/// <summary>What came of a cancellation.</summary>
internal enum CancelOutcome
{
    /// <summary>Cancelled, now or before.</summary>
    Done,

    /// <summary>Will be cancelled; the stock is not released yet.</summary>
    UnderWay,

    /// <summary>The state of the order does not allow it.</summary>
    NotPlaced,

    /// <summary>The client has seen another version.</summary>
    Stale,
}

/// <summary>Cancels an order: first stored, then carried out by <see cref="OrderProgress"/>, so that no crash loses it.</summary>
internal sealed class Cancellation(
    OrdersDbContext database, OrderProgress progress, TimeProvider clock, IOptions<ProgressOptions> options)
{
    public async Task<CancelOutcome> CancelAsync(Order order, StringValues ifMatch, CancellationToken cancellationToken)
    {
        if (order.State == OrderState.Placed)
        {
            if (!ETag.Allows(ifMatch, order))
                return CancelOutcome.Stale;
            if (await TryStoreAsync(order, cancellationToken))
                await progress.AdvanceAsync(order);
        }

        // After its success the same request finds another ETag: it is answered by what holds, not by what it expected
        // (RFC 9110, 13.1.1, allows just this).
        return order.State switch
        {
            OrderState.Cancelled => CancelOutcome.Done,
            OrderState.Cancelling => CancelOutcome.UnderWay,
            _ => CancelOutcome.NotPlaced,
        };
    }

    private async Task<bool> TryStoreAsync(Order order, CancellationToken cancellationToken)
    {
        order.Cancel(clock.GetStoredNow() + options.Value.Lease);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            await database.Entry(order).ReloadAsync(cancellationToken);
            return false;
        }
    }
}
