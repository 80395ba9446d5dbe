using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace SecureShop.Catalog.Products;

/// <summary>The part of a product that a change must have seen.</summary>
[Flags]
internal enum ProductParts
{
    /// <summary>What the seller says of it.</summary>
    Description = 1,

    /// <summary>How many there are.</summary>
    Stock = 2,
}

/// <summary>
/// What a product's ETag is made of. It names two versions, those of the description and of the stock, so that it fits all that is
/// shown; a change has to match the part that it changes, so that a sale does not stand in the way of a better description.
/// </summary>
internal static class ProductTag
{
    /// <summary>
    /// The owner's view and the public one are different answers of one address, so their tags differ. The public one holds the
    /// stock, which is shown, and not the count of its changes, from which others would read the sales.
    /// </summary>
    public static EntityTagHeaderValue Of(Product product, bool own)
        => own ? new($"\"{Hex(product.Version)}.{Hex(product.StockVersion)}\"") : Public(product.Version, product.Stock);

    /// <summary>The tag of the public view.</summary>
    public static EntityTagHeaderValue Public(int version, int stock) => new($"\"{Hex(version)}.{Hex(stock)}-p\"");

    /// <summary>Whether <paramref name="tag"/>, in its quotes, is an owner's tag that names the version of these parts.</summary>
    public static bool Names(string tag, Product product, ProductParts parts)
        => tag.Trim('"').Split('.') is [var description, var stock]
            && IsVersion(description) && IsVersion(stock)
            && (!parts.HasFlag(ProductParts.Description) || description == Hex(product.Version))
            && (!parts.HasFlag(ProductParts.Stock) || stock == Hex(product.StockVersion));

    private static bool IsVersion(string text)
        => int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version) && Hex(version) == text;

    private static string Hex(int number) => number.ToString("x", CultureInfo.InvariantCulture);
}
