namespace SecureShop.Catalog.Stock;

/// <summary>How many there are, as everyone sees it.</summary>
internal sealed record StockResponse(Guid ProductId, Guid? VariantId, int Quantity)
{
    public static StockResponse Of(StockLevel stock) => new(stock.ProductId, VariantOf(stock), stock.Quantity);

    internal static Guid? VariantOf(StockLevel stock) => stock.VariantId == Guid.Empty ? null : stock.VariantId;
}

/// <summary>As the owner and admins see it: when it changed last too, from which others would read the sales.</summary>
internal sealed record OwnStockResponse(Guid ProductId, Guid? VariantId, int Quantity, DateTimeOffset UpdatedAt)
{
    public static OwnStockResponse Of(StockLevel stock) => new(stock.ProductId, StockResponse.VariantOf(stock), stock.Quantity, stock.UpdatedAt);
}
