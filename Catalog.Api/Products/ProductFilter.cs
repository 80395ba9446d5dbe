using System.Globalization;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Catalog.Products;

/// <summary>A checked <see cref="ProductListQuery"/>.</summary>
internal sealed record ProductFilter(
    string? Search,
    string? Category,
    string? Seller,
    decimal? MinPrice,
    decimal? MaxPrice,
    bool InStock,
    bool Own,
    ProductSort Sort,
    int Limit,
    ProductCursor? After)
{
    private const int SearchLength = 100;

    /// <summary>Reads the filter; what is wrong is in <paramref name="reader"/>.</summary>
    public static ProductFilter Read(ProductListQuery query, QueryReader reader)
    {
        var sort = reader.Read("sort", query.Sort, "newest, price, price-desc, name or relevance.", ProductSort.Find) ?? ProductSort.Newest;
        var filter = new ProductFilter(
            reader.Read("q", query.Q, $"Plain text of 1 to {SearchLength} characters.", ParseSearch),
            ReadId("category", query.Category, "A category's id: small letters.", Categories.Category.IdLength, char.IsAsciiLetterLower),
            ReadId("seller", query.Seller, "A seller's id.", Product.SellerLength, character => char.IsAsciiLetterOrDigit(character) || character == '-'),
            ReadAmount("minPrice", query.MinPrice),
            ReadAmount("maxPrice", query.MaxPrice),
            reader.ReadFlag("inStock", query.InStock),
            reader.ReadFlag("mine", query.Mine),
            sort,
            query.ReadLimit(reader),
            query.ReadAfter(reader, text => ProductCursor.Read(text, sort)));
        if (sort == ProductSort.Relevance && (query.Q is null || filter.Own))
            reader.Refuse("sort", "relevance goes with q, and not with mine.");
        if (filter.MinPrice > filter.MaxPrice)
            reader.Refuse("maxPrice", "Not less than minPrice.");
        return filter;

        string? ReadId(string name, string? value, string rule, int maxLength, Func<char, bool> allowed)
            => reader.Read(name, value, rule, text => text.Trim() is { Length: > 0 } trimmed && trimmed.Length <= maxLength && trimmed.All(allowed) ? trimmed : null);

        decimal? ReadAmount(string name, string? value)
            => reader.Read(name, value, $"An amount from 0 to {MoneyAttribute.Max:0} with at most two decimals.", text =>
                decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && MoneyAttribute.IsMoney(amount) ? amount : (decimal?)null);
    }

    /// <summary>Folded as the words that are searched in.</summary>
    private static string? ParseSearch(string text)
        => text.Trim() is { Length: > 0 } trimmed && PlainText.IsPlain(trimmed)
            && ProductSearch.Fold(trimmed) is var words && NormalizedText.Length(words) <= SearchLength ? words : null;
}
