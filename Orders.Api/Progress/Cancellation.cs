using SecureShop.Orders.Orders;

namespace SecureShop.Orders.Progress;

/// <summary>Cancels an order: first stored, then carried out by <see cref="OrderProgress"/>, so that no crash loses it.</summary>
internal sealed class Cancellation(OrderChanges changes, OrderProgress progress)
{
    /// <summary>Cancels an order. Where somebody else has changed it meanwhile, it is left as they made it.</summary>
    /// <returns>The order as it is now.</returns>
    public async Task<Order> CancelAsync(Order order, CancellationToken cancellationToken)
    {
        order.Cancel();
        return await changes.SaveAsync(order, order.CustomerId, cancellationToken)
            ? await progress.AdvanceAsync(order)
            : await changes.ReadAgainAsync(order.Id);
    }
}
