using System.Globalization;
using Microsoft.Net.Http.Headers;
using SecureShop.Catalog.Data;

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
/// The version of a product as an ETag, and the conditions that requests make on it (RFC 9110, section 13). The tag names two
/// versions, those of the description and of the stock, so that it fits all that is shown; a change has to match the part that it
/// changes, so that a sale does not stand in the way of a better description.
/// </summary>
internal static class ETags
{
    /// <summary>
    /// The owner's view and the public one are different answers of one address, so their tags differ. The public one holds the
    /// stock, which is shown, and not the count of its changes, from which others would read the sales.
    /// </summary>
    public static EntityTagHeaderValue Of(Product product, bool own)
        => new(own ? $"\"{Text(product.Version)}.{Text(product.StockVersion)}\"" : $"\"{Text(product.Version)}.{Text(product.Stock)}-p\"");

    /// <summary>Whether the caller already has this answer.</summary>
    public static bool IsCached(HttpRequest request, EntityTagHeaderValue tag)
        => request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known
            && known.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));

    /// <summary>Whether the change of <paramref name="part"/> was asked for on this version of the product; null when no version was named.</summary>
    public static bool? IsExpected(HttpRequest request, Product product, ProductParts part)
    {
        if (request.Headers.IfMatch.Count == 0)
            return null;

        // A header that cannot be read matches nothing.
        return request.GetTypedHeaders().IfMatch
            .Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || (!candidate.IsWeak && Names(candidate, product, part)));
    }

    private static bool Names(EntityTagHeaderValue tag, Product product, ProductParts part)
        => tag.Tag.ToString().Trim('"').Split('.') is [var description, var stock]
            && (!part.HasFlag(ProductParts.Description) || description == Text(product.Version))
            && (!part.HasFlag(ProductParts.Stock) || stock == Text(product.StockVersion))
            && IsCount(description) && IsCount(stock);

    private static bool IsCount(string text) => int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) && Text(count) == text;

    private static string Text(int count) => count.ToString("x", CultureInfo.InvariantCulture);
}
