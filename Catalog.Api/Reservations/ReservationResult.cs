namespace SecureShop.Catalog.Reservations;

/// <summary>What came of asking for stock.</summary>
internal abstract record ReservationResult
{
    public sealed record Taken(Reservation Reservation) : ReservationResult;

    /// <summary>There is no such published product, or too little of it. Nothing was taken.</summary>
    public sealed record InsufficientStock(Guid ProductId) : ReservationResult;

    /// <summary>It has variants, and none of them was named; or one that it does not have. Nothing was taken.</summary>
    public sealed record OtherVariants(Guid ProductId) : ReservationResult;

    /// <summary>The order already took other lines.</summary>
    public sealed record LinesDiffer : ReservationResult;

    /// <summary>The order was released, maybe before this request arrived, or its time is over.</summary>
    public sealed record Ended(bool Expired) : ReservationResult;
}
