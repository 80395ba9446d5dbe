namespace SecureShop.Orders.Orders;

/// <summary>
/// Where an order stands. The half-way states have a step that is waiting in the outbox, and somebody ends every one of them. Which follows which,
/// and who may bring it about, is in <see cref="Transitions"/>.
/// </summary>
internal enum OrderState
{
    /// <summary>Stored with the lines asked for; the catalog is to reserve them. Half-way.</summary>
    Pending,

    /// <summary>Stock is held for a while, prices are fixed; the payment is to be authorized. Half-way.</summary>
    Reserved,

    /// <summary>The amount is set aside; the catalog is to confirm, then it is to be captured. Half-way.</summary>
    Authorized,

    /// <summary>Paid, and the stock is the customer's: the sellers may ship.</summary>
    Confirmed,

    /// <summary>Some sellers have shipped their lines.</summary>
    Shipping,

    /// <summary>All lines are on their way.</summary>
    Shipped,

    /// <summary>All lines have arrived.</summary>
    Delivered,

    /// <summary>Given up; money and stock are to be given back first. Half-way.</summary>
    Rejecting,

    /// <summary>Given up; nothing is reserved and nothing charged.</summary>
    Rejected,

    /// <summary>Cancelled by its customer; money and stock are to be given back first. Half-way.</summary>
    Cancelling,

    /// <summary>Cancelled; nothing is reserved and nothing charged.</summary>
    Cancelled,

    /// <summary>All that was paid has been given back, after it was shipped.</summary>
    Refunded,
}

/// <summary>Why an order did not come about.</summary>
internal enum Rejection
{
    /// <summary>The catalog said no: a product is unknown or short.</summary>
    Refused,

    /// <summary>The lines are sold in more than one currency.</summary>
    MixedCurrencies,

    /// <summary>The catalog never confirmed, or what it said was not credible.</summary>
    Unconfirmed,

    /// <summary>The customer's open orders would be worth more than one customer may have open.</summary>
    AboveBounds,

    /// <summary>The payment was declined.</summary>
    Declined,

    /// <summary>The payment was not settled while the goods were held.</summary>
    Unpaid,
}

/// <summary>How states are written, on the wire as in the database.</summary>
internal static class OrderStates
{
    /// <summary>All of them in words, for messages and documents.</summary>
    public const string InWords =
        "pending, reserved, authorized, confirmed, shipping, shipped, delivered, rejecting, rejected, cancelling, cancelled or refunded.";

    /// <summary>What an order is that its customer has not got yet: what one customer may have open is bounded.</summary>
    public static IReadOnlyList<OrderState> Open { get; } =
        [OrderState.Pending, OrderState.Reserved, OrderState.Authorized, OrderState.Confirmed, OrderState.Shipping];

    /// <summary>What its sellers see.</summary>
    public static IReadOnlyList<OrderState> Sold { get; } =
        [OrderState.Confirmed, OrderState.Shipping, OrderState.Shipped, OrderState.Delivered, OrderState.Refunded];

    /// <summary>What is to be done next in a half-way state: the kind of its message. Null in the others.</summary>
    public static string? Step(this OrderState state) => state switch
    {
        OrderState.Pending => "reserve",
        OrderState.Reserved => "authorize",
        OrderState.Authorized => "settle",
        OrderState.Rejecting or OrderState.Cancelling => "give_back",
        _ => null,
    };

    public static string ToWire(this OrderState state) => state switch
    {
        OrderState.Pending => "pending",
        OrderState.Reserved => "reserved",
        OrderState.Authorized => "authorized",
        OrderState.Confirmed => "confirmed",
        OrderState.Shipping => "shipping",
        OrderState.Shipped => "shipped",
        OrderState.Delivered => "delivered",
        OrderState.Rejecting => "rejecting",
        OrderState.Rejected => "rejected",
        OrderState.Cancelling => "cancelling",
        OrderState.Cancelled => "cancelled",
        OrderState.Refunded => "refunded",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    public static OrderState? Parse(string text)
        => Enum.GetValues<OrderState>().Cast<OrderState?>().FirstOrDefault(state => state!.Value.ToWire() == text);
}
