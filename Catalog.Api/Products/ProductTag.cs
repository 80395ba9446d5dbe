using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace SecureShop.Catalog.Products;

/// <summary>What a product's ETag is made of: the count of its changes. What is sold is no change of it (<see cref="Stock.StockTag"/>).</summary>
internal static class ProductTag
{
    /// <summary>The owner's view and the public one are different answers of one address, so their tags differ.</summary>
    public static EntityTagHeaderValue Of(Product product, bool own) => own ? new($"\"{Hex(product.Version)}\"") : Public(product.Version);

    /// <summary>The tag of the public view.</summary>
    public static EntityTagHeaderValue Public(int version) => new($"\"{Hex(version)}-p\"");

    /// <summary>Whether <paramref name="tag"/>, in its quotes, is the owner's tag of this version.</summary>
    public static bool Names(string tag, Product product) => Of(product, own: true).Tag.Equals(tag, StringComparison.Ordinal);

    private static string Hex(int number) => number.ToString("x", CultureInfo.InvariantCulture);
}
