using Microsoft.Net.Http.Headers;
using SecureShop.Catalog.Data;

namespace SecureShop.Catalog.Products;

/// <summary>The version of a product as an ETag, and the conditions that requests make on it (RFC 9110, section 13).</summary>
internal static class ETags
{
    /// <summary>The owner's view and the public one are different answers of one address, so their tags differ.</summary>
    public static EntityTagHeaderValue Of(Product product, bool own) => new($"\"{product.Version:x}{(own ? "" : "-p")}\"");

    /// <summary>Whether the caller already has this answer.</summary>
    public static bool IsCached(HttpRequest request, EntityTagHeaderValue tag)
        => request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known
            && known.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));

    /// <summary>Whether the change was asked for on this version of the product; null when no version was named.</summary>
    public static bool? IsExpected(HttpRequest request, Product product)
    {
        if (request.Headers.IfMatch.Count == 0)
            return null;

        // A header that cannot be read matches nothing.
        var tag = Of(product, own: true);
        return request.GetTypedHeaders().IfMatch
            .Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: true));
    }
}
