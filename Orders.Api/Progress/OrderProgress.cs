using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Catalog;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Data;

namespace SecureShop.Orders.Progress;

/// <summary>
/// Carries a half-way order on until it is final or the catalog does not answer. The one path for all: a request that has just
/// stored its order, a repeated request, a cancellation, and the reconciler after a crash.
/// </summary>
/// <remarks>
/// Safe to run twice at once: both calls to the catalog are idempotent by order id, and of two writers of one row the slower
/// one sees a concurrency conflict and reads again what the faster one stored. It does not stop when the client hangs up;
/// its calls are bounded by a timeout of their own.
/// </remarks>
internal sealed class OrderProgress(
    OrdersDbContext database, CatalogClient catalog, TimeProvider clock, IOptions<ProgressOptions> options)
{
    public async Task AdvanceAsync(Order order)
    {
        var advanced = true;
        while (advanced && order.IsHalfway)
        {
            advanced = order.State == OrderState.Pending ? await ReserveAsync(order) : await ReleaseAsync(order);
            if (!advanced)
                order.Retry(clock.GetStoredNow() + options.Value.DelayAfter(order.Attempts + 1));
            advanced &= await SaveAsync(order);
            if (advanced)
                OrderMetrics.Reached(order.State.ToWire());
        }
    }

    private async Task<bool> ReserveAsync(Order order)
    {
        if (clock.GetStoredNow() - order.CreatedAt > options.Value.GiveUpAfter)
        {
            order.BeginRejecting(Rejection.Unconfirmed);
            return true;
        }

        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, clock);
        switch (await catalog.ReserveAsync(order, timeout.Token))
        {
            case Reservation.Confirmed confirmed:
                order.Place(confirmed.Lines, clock.GetStoredNow());
                return true;
            case Reservation.Refused refused:
                order.Reject(refused.ProductId);
                return true;
            case Reservation.Invalid:
                order.BeginRejecting(Rejection.Unconfirmed);
                return true;
            default:
                return false;
        }
    }

    private async Task<bool> ReleaseAsync(Order order)
    {
        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, clock);
        if (!await catalog.ReleaseAsync(order, timeout.Token))
            return false;
        order.ConfirmRelease(clock.GetStoredNow());
        return true;
    }

    private async Task<bool> SaveAsync(Order order)
    {
        try
        {
            await database.SaveChangesAsync(CancellationToken.None);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            foreach (var entry in database.ChangeTracker.Entries().ToList())
                await entry.ReloadAsync(CancellationToken.None);
            return false;
        }
    }
}
