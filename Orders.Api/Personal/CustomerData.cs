using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.Orders.Refunds;
using SecureShop.Storage.PersonalData;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Personal;

/// <summary>One order in its customer's copy of their data: all of it, with where it went and each refund.</summary>
internal sealed record ExportedOrder(OrderResponse Order, string PaymentMethod, DeliveryResponse? Delivery, IReadOnlyList<ExportedRefund> Refunds);
internal sealed record ExportedRefund(Guid Id, decimal Amount, string State, DateTimeOffset CreatedAt);

/// <summary>What orders hold about their customer. Of one who is erased they stay, as money did, with an id that leads to nobody.</summary>
internal sealed class CustomerData(OrdersDbContext database, PersonalSeals seals, OrderChanges changes, Cancellation cancellation) : IPersonalData
{
    private const int MaxOrders = 2_000;

    public async Task<object?> ExportAsync(string subject, CancellationToken cancellationToken)
    {
        var orders = await database.Orders.AsNoTracking().Include(order => order.Lines).Where(order => order.CustomerId == subject).OrderBy(order => order.Id).Take(MaxOrders + 1).ToListAsync(cancellationToken);
        var ids = orders.ConvertAll(order => order.Id);
        var closed = await database.Set<OrderDelivery>().AsNoTracking().Where(delivery => ids.Contains(delivery.OrderId)).ToDictionaryAsync(delivery => delivery.OrderId, cancellationToken);
        var refunds = (await database.Set<Refund>().AsNoTracking().Where(refund => ids.Contains(refund.OrderId)).OrderBy(refund => refund.CreatedAt).ToListAsync(cancellationToken)).ToLookup(refund => refund.OrderId);
        using var seal = await seals.FindAsync(subject, cancellationToken);
        return orders.Count > MaxOrders ? null : orders.ConvertAll(order => new ExportedOrder(
            OrderResponse.Of(order), order.PaymentMethod, seal is not null && closed.GetValueOrDefault(order.Id) is { } delivery ? DeliveryResponse.Of(delivery.Open(seal)) : null,
            [.. refunds[order.Id].Select(refund => new ExportedRefund(refund.Id, refund.Amount, refund.State.ToString(), refund.CreatedAt))]));
    }

    public async Task<bool> EraseAsync(string subject, CancellationToken cancellationToken)
    {
        // First, and not last: who has no key any more places no order while the others are being cancelled.
        await seals.DestroyAsync(subject, cancellationToken);
        var open = database.Orders.Where(order => order.CustomerId == subject && (order.State == OrderState.Pending || order.State == OrderState.Reserved || order.State == OrderState.Authorized || order.State == OrderState.Confirmed));
        foreach (var id in await open.Select(order => order.Id).ToListAsync(cancellationToken))
        {
            if (await changes.ReadAgainAsync(id) is { IsCancellable: true } order)
                await cancellation.CancelAsync(order, cancellationToken);
        }

        // What is being placed at this moment comes to a state in which it can be cancelled, or to its end.
        return !await open.AnyAsync(cancellationToken);
    }
}
