using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Personal;

/// <summary>Reads where orders are sent, and leaves a trace where it is shown to somebody else than the customer.</summary>
internal sealed class Deliveries(OrdersDbContext database, PersonalSeals seals, IAuthorizationService authorization, SecurityLog security)
{
    /// <summary>Of an order that its customer, or staff, has found; null where it has none.</summary>
    public async Task<Delivery?> FindAsync(Order order, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var delivery = await OpenAsync(order, cancellationToken);
        if (delivery is not null && user.Subject() != order.CustomerId)
            security.ForCurrentRequest(StatusCodes.Status200OK).DeliveryShown(order.Id, "staff");
        return delivery;
    }

    /// <summary>
    /// For the seller of one of the lines, while there is something to send: before the order is paid it is nobody's business, and after
    /// a cancellation, or when all is on its way, no more.
    /// </summary>
    public async Task<Delivery?> FindForSellerAsync(Guid id, ClaimsPrincipal seller, CancellationToken cancellationToken)
    {
        var subject = seller.Subject();
        var order = await database.Orders.AsNoTracking().Include(order => order.Lines)
            .SingleOrDefaultAsync(order => order.Id == id && (order.State == OrderState.Confirmed || order.State == OrderState.Shipping) && order.Lines.Any(line => line.SellerId == subject), cancellationToken);

        // In the query and once more in the decision, so that forgetting one of them opens nothing.
        var sold = order?.Lines.FindAll(line => line.SellerId == subject) ?? [];
        if (order is null || sold.Count == 0 || !(await authorization.AuthorizeAsync(seller, sold, AccessTable.GetShippingLabel.Ownership)).Succeeded)
            return null;
        var delivery = await OpenAsync(order, cancellationToken);
        if (delivery is not null)
            security.ForCurrentRequest(StatusCodes.Status200OK).DeliveryShown(order.Id, "seller");
        return delivery;
    }

    private async Task<Delivery?> OpenAsync(Order order, CancellationToken cancellationToken)
    {
        if (await database.Set<OrderDelivery>().AsNoTracking().SingleOrDefaultAsync(delivery => delivery.OrderId == order.Id, cancellationToken) is not { } closed)
            return null;
        using var seal = await seals.FindAsync(order.CustomerId, cancellationToken);
        return seal is null ? null : closed.Open(seal);
    }
}
