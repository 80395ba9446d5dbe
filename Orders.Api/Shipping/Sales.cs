using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Orders.Shipping;

/// <summary>What has come of a seller's word that their lines are on their way, or have arrived.</summary>
internal enum SaleResult
{
    Done,

    /// <summary>The order is not where that happens: cancelled, refunded, or not shipped yet.</summary>
    OtherState,

    /// <summary>Others change the order all the time.</summary>
    Busy,
}

/// <summary>What a seller says of their lines; part of the endpoint where they say it.</summary>
/// <param name="Rule">Whose lines they have to be.</param>
/// <param name="IsDone">Said of a line before: once more is no change.</param>
/// <param name="IsPossible">By the order's state, of these lines.</param>
/// <param name="Change">Says it.</param>
internal sealed record SaleStep(
    Ownership Rule, Predicate<OrderLine> IsDone, Func<OrderState, List<OrderLine>, bool> IsPossible, Action<Order, string, DateTimeOffset> Change)
{
    /// <summary>They are on their way.</summary>
    public static SaleStep Ship { get; } = new(
        AccessTable.ShipOrder.Ownership,
        line => line.ShippedAt is not null,
        (state, _) => state is OrderState.Confirmed or OrderState.Shipping,
        (order, seller, now) => order.Ship(seller, now));

    /// <summary>They have arrived.</summary>
    public static SaleStep Deliver { get; } = new(
        AccessTable.DeliverOrder.Ownership,
        line => line.DeliveredAt is not null,
        (state, own) => state is OrderState.Shipping or OrderState.Shipped && own.TrueForAll(line => line.ShippedAt is not null),
        (order, seller, now) => order.Deliver(seller, now));
}

/// <summary>Orders from the side of those who sold lines of them. Each answers for their own lines; the order follows when the last one has.</summary>
internal sealed class Sales(OrdersDbContext database, OrderChanges changes, IAuthorizationService authorization, TimeProvider clock)
{
    private const int MostTries = 5;

    /// <summary>One page of the orders with lines of <paramref name="user"/>, and of those only these, the newest first.</summary>
    public async Task<Page<Order>> ListAsync(ClaimsPrincipal user, bool toShip, int limit, Guid? after, CancellationToken cancellationToken)
    {
        var seller = user.Subject();
        var orders = SoldBy(seller).AsNoTracking();
        if (toShip)
            orders = orders.Where(order => order.State != OrderState.Refunded && order.Lines.Any(line => line.SellerId == seller && line.ShippedAt == null));
        if (after is { } last)
            orders = orders.Where(order => order.Id < last);
        var rows = await orders.OrderByDescending(order => order.Id).Take(limit + 1)
            .Include(order => order.Lines.Where(line => line.SellerId == seller)).ToListAsync(cancellationToken);
        await authorization.AuthorizeAsync(user, rows.SelectMany(order => order.Lines).ToList(), AccessTable.ListSoldOrders.Ownership);
        return Page.Of(rows, limit, OrderFilter.WriteCursor);
    }

    /// <summary>The order, if <paramref name="user"/> sold lines of it; tracked, with all lines, for a change.</summary>
    public async Task<Order?> FindAsync(Guid id, ClaimsPrincipal user, Ownership rule, CancellationToken cancellationToken)
    {
        var seller = user.Subject();
        var order = await SoldBy(seller).Include(order => order.Lines).SingleOrDefaultAsync(order => order.Id == id, cancellationToken);
        if (order is null)
            return null;

        // Once more in the decision, for the lines that are acted on; of none of them there is nothing to decide.
        var own = order.Lines.FindAll(line => line.SellerId == seller);
        return own.Count > 0 && (await authorization.AuthorizeAsync(user, own, rule)).Succeeded ? order : null;
    }

    /// <summary>Of two sellers who do so at once one is slower, and looks again: the order follows the last of them.</summary>
    public async Task<(SaleResult Result, Order Order)> ChangeAsync(Order order, string seller, SaleStep step, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var own = order.Lines.FindAll(line => line.SellerId == seller);
            if (own.TrueForAll(line => step.IsDone(line)))
                return (SaleResult.Done, order);
            if (!step.IsPossible(order.State, own))
                return (SaleResult.OtherState, order);
            step.Change(order, seller, clock.GetStoredNow());
            if (await changes.SaveAsync(order, seller, cancellationToken))
                return (SaleResult.Done, order);
            order = await changes.ReadAgainAsync(order.Id);
        }

        return (SaleResult.Busy, order);
    }

    private IQueryable<Order> SoldBy(string seller)
        => database.Orders.Where(order => OrderStates.Sold.Contains(order.State) && order.Lines.Any(line => line.SellerId == seller));
}
