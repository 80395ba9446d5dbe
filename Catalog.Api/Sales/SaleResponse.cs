namespace SecureShop.Catalog.Sales;

/// <summary>
/// A line that was paid for, as its seller sees it. Nothing in it is of the buyer: who bought, where it goes and what else was in the order are
/// for Orders to show, to those who may see it.
/// </summary>
internal sealed record SaleResponse(
    Guid OrderId, Guid ProductId, string Name, int Quantity, decimal UnitPrice, string Currency, DateTimeOffset SoldAt);
