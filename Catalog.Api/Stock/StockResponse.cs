namespace SecureShop.Catalog.Stock;

/// <summary>How many there are, as everyone sees it.</summary>
internal sealed record StockResponse(Guid ProductId, Guid? VariantId, int Quantity);

/// <summary>As the owner and admins see it: when it changed last too, from which others would read the sales.</summary>
internal sealed record OwnStockResponse(Guid ProductId, Guid? VariantId, int Quantity, DateTimeOffset UpdatedAt);
