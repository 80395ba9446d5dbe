namespace SecureShop.Orders.Orders;

/// <summary>
/// Where an order stands. The three states ending in "-ing" are half-way: they carry the time of the next attempt, and the
/// reconciler ends every one of them.
/// </summary>
internal enum OrderState
{
    /// <summary>Stored with the lines asked for; the catalog has not confirmed yet.</summary>
    Pending,

    /// <summary>Stock is reserved, prices are fixed.</summary>
    Placed,

    /// <summary>Given up; a reservation may exist and has to be released first.</summary>
    Rejecting,

    /// <summary>Given up; nothing is reserved.</summary>
    Rejected,

    /// <summary>Cancelled by its customer; the reservation has to be released first.</summary>
    Cancelling,

    /// <summary>Cancelled; nothing is reserved.</summary>
    Cancelled,
}

/// <summary>Why an order was not placed.</summary>
internal enum Rejection
{
    /// <summary>The catalog said no: a product is unknown or short.</summary>
    Refused,

    /// <summary>The lines are sold in more than one currency.</summary>
    MixedCurrencies,

    /// <summary>The catalog never confirmed, or what it said was not credible.</summary>
    Unconfirmed,
}

/// <summary>How states are written, on the wire as in the database.</summary>
internal static class OrderStates
{
    public static string ToWire(this OrderState state) => state switch
    {
        OrderState.Pending => "pending",
        OrderState.Placed => "placed",
        OrderState.Rejecting => "rejecting",
        OrderState.Rejected => "rejected",
        OrderState.Cancelling => "cancelling",
        OrderState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    public static OrderState? Parse(string text)
        => Enum.GetValues<OrderState>().Cast<OrderState?>().FirstOrDefault(state => state!.Value.ToWire() == text);
}
