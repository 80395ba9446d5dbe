using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Catalog;
using SecureShop.Orders.Data;
using SecureShop.Orders.Model;
using SecureShop.ServiceDefaults;

namespace SecureShop.Orders.Progress;

/// <summary>
/// Carries a half-way order on until it is final or the catalog does not answer. The one path for all: a request that has just
/// stored its order, a repeated request, a cancellation, and the reconciler after a crash.
/// </summary>
/// <remarks>
/// Safe to run twice at once: both calls to the catalog are idempotent by order id, and of two writers of one row the slower
/// one sees a concurrency conflict and takes over what the faster one stored. It does not stop when the client hangs up;
/// its calls are bounded by a timeout of their own.
/// </remarks>
internal sealed class OrderProgress(
    OrdersDbContext database, CatalogClient catalog, TimeProvider clock, IOptions<ProgressOptions> options)
{
    public async Task AdvanceAsync(Order order)
    {
        var goesOn = true;
        while (goesOn && order.IsHalfway)
        {
            goesOn = order.State == OrderState.Pending ? await ReserveAsync(order) : await ReleaseAsync(order);
            if (!goesOn)
                order.Retry(clock.GetStoredNow() + options.Value.DelayAfter(order.Attempts + 1));
            goesOn &= await SaveAsync(order);
            if (goesOn)
                ShopMetrics.Order(order.State.ToWire());
        }
    }

    private async Task<bool> ReserveAsync(Order order)
    {
        if (clock.GetStoredNow() - order.CreatedAt > options.Value.GiveUpAfter)
        {
            order.GiveUp(Rejection.Unconfirmed);
            return true;
        }

        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, clock);
        switch (await catalog.ReserveAsync(order, timeout.Token))
        {
            case Reservation.Made made:
                order.Place(made.Lines, clock.GetStoredNow());
                return true;
            case Reservation.Refused refused:
                order.Refuse(refused.ProductId);
                return true;
            case Reservation.NotCredible:
                order.GiveUp(Rejection.Unconfirmed);
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
        order.Released(clock.GetStoredNow());
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
