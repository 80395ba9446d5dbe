using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace SecureShop.Catalog.Stock;

/// <summary>What the ETag of a stock is made of. It is never like one of the product's: what was read of one is no leave to change the other.</summary>
internal static class StockTag
{
    /// <summary>The owner's: the count of changes.</summary>
    public static EntityTagHeaderValue Own(int version) => new(string.Create(CultureInfo.InvariantCulture, $"\"s{version:x}\""));

    /// <summary>The public one holds the stock, which is shown, and not the count of its changes, from which others would read the sales.</summary>
    public static EntityTagHeaderValue Public(int quantity) => new(string.Create(CultureInfo.InvariantCulture, $"\"s{quantity:x}-p\""));

    /// <summary>Whether <paramref name="tag"/>, in its quotes, is the owner's tag of this version.</summary>
    public static bool Names(string tag, StockLevel stock) => Own(stock.Version).Tag.Equals(tag, StringComparison.Ordinal);
}
