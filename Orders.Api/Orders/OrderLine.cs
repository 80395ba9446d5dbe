using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Orders.Orders;

/// <summary>One product of an order: what was asked for and, once the catalog confirmed it, what it was sold as, and by whom.</summary>
internal sealed class OrderLine : IOwned
{
    public Guid OrderId { get; init; }

    public required Guid ProductId { get; init; }

    /// <summary>Which of its variants; null where it has none.</summary>
    public Guid? VariantId { get; init; }

    /// <summary>The line's place in the request, so that it is shown in the order the customer wrote it.</summary>
    public required int Position { get; init; }

    public required int Quantity { get; init; }

    public string? Name { get; private set; }

    public string? SellerId { get; private set; }

    public decimal? UnitPrice { get; private set; }

    public DateTimeOffset? ShippedAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    // To ship it is its seller's; before it is sold it is nobody's.
    string IOwned.OwnerId => SellerId ?? "";

    /// <summary>Keeps what the catalog sold, so that a later change of the product does not change the order.</summary>
    public void Confirm(ReservedLine sold)
    {
        Name = sold.Name;
        SellerId = sold.SellerId;
        UnitPrice = sold.UnitPrice;
    }

    public void Ship(DateTimeOffset now) => ShippedAt ??= now;

    public void Deliver(DateTimeOffset now) => DeliveredAt ??= now;
}

/// <summary>A line as the catalog reserved it, already checked against what was asked.</summary>
internal sealed record ReservedLine(Guid ProductId, string Name, string SellerId, int Quantity, decimal UnitPrice, string Currency);
