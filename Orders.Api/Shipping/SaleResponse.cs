using SecureShop.Orders.Orders;

namespace SecureShop.Orders.Shipping;

/// <summary>An order as a seller of it sees it: their own lines, and neither those of others nor who the customer is.</summary>
/// <param name="Id">The order's id.</param>
/// <param name="State">confirmed, shipping, shipped, delivered or refunded.</param>
/// <param name="Lines">What the caller sold.</param>
/// <param name="PlacedAt">When it was ordered.</param>
public sealed record SaleResponse(Guid Id, string State, IReadOnlyList<SaleLineResponse> Lines, DateTimeOffset? PlacedAt)
{
    internal static SaleResponse Of(Order order, string seller) => new(
        order.Id,
        order.State.ToWire(),
        [.. order.Lines.Where(line => line.SellerId == seller).OrderBy(line => line.Position).Select(line =>
            new SaleLineResponse(line.ProductId, line.VariantId, line.Quantity, line.Name!, line.UnitPrice!.Value, line.ShippedAt, line.DeliveredAt))],
        order.PlacedAt);
}

/// <summary>One line that the caller sold.</summary>
/// <param name="ProductId">The product's id in the catalog.</param>
/// <param name="VariantId">Which of its variants, where it has some.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Name">The product's name when it was sold.</param>
/// <param name="UnitPrice">The price of one when it was sold.</param>
/// <param name="ShippedAt">When the caller sent it.</param>
/// <param name="DeliveredAt">When it arrived.</param>
public sealed record SaleLineResponse(
    Guid ProductId, Guid? VariantId, int Quantity, string Name, decimal UnitPrice, DateTimeOffset? ShippedAt, DateTimeOffset? DeliveredAt);
