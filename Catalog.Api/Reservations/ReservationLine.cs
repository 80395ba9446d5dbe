namespace SecureShop.Catalog.Reservations;

/// <summary>One product of a reservation with the price of that moment, which a later change of the product cannot move.</summary>
internal sealed class ReservationLine
{
    public required Guid OrderId { get; init; }

    /// <summary>The line's place in the order, from 0.</summary>
    public required int Position { get; init; }

    public required Guid ProductId { get; init; }

    /// <summary>Which of its variants; null where it had none.</summary>
    public Guid? VariantId { get; init; }

    public required string Name { get; init; }

    public required string SellerId { get; init; }

    public required int Quantity { get; init; }

    public required decimal UnitPrice { get; init; }

    public required string Currency { get; init; }

    /// <summary>When it was paid for; null before that, and again once its stock went back.</summary>
    public DateTimeOffset? SoldAt { get; init; }
}
