namespace SecureShop.Orders.Orders;

/// <summary>An order as its customer sees it. Prices and the total are there once the order is placed.</summary>
/// <param name="Id">The order's id.</param>
/// <param name="State">pending, reserved, authorized, confirmed, shipping, shipped, delivered, rejecting, rejected, cancelling, cancelled or refunded.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Currency">ISO 4217; one for the whole order.</param>
/// <param name="Total">The sum of all lines.</param>
/// <param name="CreatedAt">When the order reached us.</param>
/// <param name="PlacedAt">When stock was reserved and prices were fixed.</param>
/// <param name="CancelledAt">When the cancellation was complete.</param>
/// <param name="Paid">What was taken.</param>
/// <param name="Refunded">What of it is given back, or is on its way back.</param>
public sealed record OrderResponse(
    Guid Id,
    string State,
    IReadOnlyList<OrderLineResponse> Lines,
    string? Currency,
    decimal? Total,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PlacedAt,
    DateTimeOffset? CancelledAt,
    decimal Paid,
    decimal Refunded)
{
    internal static OrderResponse Of(Order order) => new(
        order.Id, order.State.ToWire(), OrderLineResponse.Of(order), order.Currency, order.Total, order.CreatedAt, order.PlacedAt,
        order.CancelledAt, order.Captured, order.Refunded);
}

/// <summary>An order as support sees it: with the customer, without knowing more about the goods.</summary>
/// <param name="Id">The order's id.</param>
/// <param name="CustomerId">The subject who placed it.</param>
/// <param name="State">pending, reserved, authorized, confirmed, shipping, shipped, delivered, rejecting, rejected, cancelling, cancelled or refunded.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Currency">ISO 4217; one for the whole order.</param>
/// <param name="Total">The sum of all lines.</param>
/// <param name="CreatedAt">When the order reached us.</param>
/// <param name="PlacedAt">When stock was reserved and prices were fixed.</param>
/// <param name="CancelledAt">When the cancellation was complete.</param>
/// <param name="Paid">What was taken.</param>
/// <param name="Refunded">What of it is given back, or is on its way back.</param>
public sealed record StaffOrderResponse(
    Guid Id,
    string CustomerId,
    string State,
    IReadOnlyList<OrderLineResponse> Lines,
    string? Currency,
    decimal? Total,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PlacedAt,
    DateTimeOffset? CancelledAt,
    decimal Paid,
    decimal Refunded)
{
    internal static StaffOrderResponse Of(Order order) => new(
        order.Id, order.CustomerId, order.State.ToWire(), OrderLineResponse.Of(order), order.Currency, order.Total, order.CreatedAt,
        order.PlacedAt, order.CancelledAt, order.Captured, order.Refunded);
}

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product's id in the catalog.</param>
/// <param name="VariantId">Which of its variants, where it has some.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Name">The product's name when it was sold.</param>
/// <param name="SellerId">Who sold it.</param>
/// <param name="UnitPrice">The price of one when it was sold.</param>
/// <param name="ShippedAt">When its seller sent it.</param>
/// <param name="DeliveredAt">When it arrived.</param>
public sealed record OrderLineResponse(
    Guid ProductId, Guid? VariantId, int Quantity, string? Name, string? SellerId, decimal? UnitPrice, DateTimeOffset? ShippedAt, DateTimeOffset? DeliveredAt)
{
    internal static IReadOnlyList<OrderLineResponse> Of(Order order)
        => [.. order.Lines.OrderBy(line => line.Position).Select(line =>
            new OrderLineResponse(line.ProductId, line.VariantId, line.Quantity, line.Name, line.SellerId, line.UnitPrice, line.ShippedAt, line.DeliveredAt))];
}
