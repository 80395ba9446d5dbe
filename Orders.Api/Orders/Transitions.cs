namespace SecureShop.Orders.Orders;

/// <summary>Who brings a change of state about.</summary>
internal enum Party
{
    /// <summary>The shop itself, carrying out what was asked for.</summary>
    Shop,

    /// <summary>The order's customer.</summary>
    Customer,

    /// <summary>A seller of lines of the order.</summary>
    Seller,

    /// <summary>Support or an administrator, within the limits of refunds.</summary>
    Staff,
}

/// <summary>A change of state that there is, and whose it is.</summary>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
/// <param name="By">Who may.</param>
/// <param name="When">What has to hold beside that, in words; docs/orders.md has the same table.</param>
internal sealed record Transition(OrderState From, OrderState To, Party By, string When);

/// <summary>
/// Every change of state that there is. What is not here does not happen, whoever asks (<see cref="Order.Move"/>); of two who ask at once one does
/// it, by the version of the row.
/// </summary>
internal static class Transitions
{
    public static IReadOnlyList<Transition> All { get; } =
    [
        new(OrderState.Pending, OrderState.Reserved, Party.Shop, "the catalog holds the stock, and the customer stays within bounds"),
        new(OrderState.Pending, OrderState.Rejecting, Party.Shop, "given up, not credible, above bounds, or of several currencies"),
        new(OrderState.Pending, OrderState.Rejected, Party.Shop, "the catalog refused, and holds nothing"),
        new(OrderState.Reserved, OrderState.Authorized, Party.Shop, "the payment is authorized"),
        new(OrderState.Reserved, OrderState.Rejecting, Party.Shop, "the payment is declined, or not authorized in time"),
        new(OrderState.Reserved, OrderState.Cancelling, Party.Customer, "their own order"),
        new(OrderState.Authorized, OrderState.Confirmed, Party.Shop, "the catalog has confirmed, then the payment is captured"),
        new(OrderState.Authorized, OrderState.Rejecting, Party.Shop, "the reservation has ended, the capture is refused, or not settled in time"),
        new(OrderState.Authorized, OrderState.Cancelling, Party.Customer, "their own order"),
        new(OrderState.Confirmed, OrderState.Cancelling, Party.Customer, "their own order"),
        new(OrderState.Confirmed, OrderState.Shipping, Party.Seller, "their own lines, not yet the last ones"),
        new(OrderState.Confirmed, OrderState.Shipped, Party.Seller, "their own lines, which are all"),
        new(OrderState.Shipping, OrderState.Shipped, Party.Seller, "their own lines, the last ones"),
        new(OrderState.Shipped, OrderState.Delivered, Party.Seller, "their own lines, the last ones"),
        new(OrderState.Shipping, OrderState.Refunded, Party.Staff, "the whole amount"),
        new(OrderState.Shipped, OrderState.Refunded, Party.Staff, "the whole amount"),
        new(OrderState.Delivered, OrderState.Refunded, Party.Staff, "the whole amount"),
        new(OrderState.Rejecting, OrderState.Rejected, Party.Shop, "the payment is given back, then the stock"),
        new(OrderState.Cancelling, OrderState.Cancelled, Party.Shop, "the payment is given back, then the stock"),
    ];

    public static bool Allow(OrderState from, OrderState to, Party by)
        => All.Any(transition => transition.From == from && transition.To == to && transition.By == by);
}
