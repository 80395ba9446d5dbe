using System.Globalization;
using SecureShop.Catalog.Input;
using SecureShop.ServiceDefaults;

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
        var sort = reader.Read("sort", query.Sort, "newest, price, price-desc or name.", ProductSort.Find) ?? ProductSort.Newest;
        var filter = new ProductFilter(
            // As the words that are searched in (ProductMapping).
            ReadText("q", query.Q, $"Plain text of 1 to {SearchLength} characters.", SearchLength, text => PlainText.IsPlain(text)) is { } words ? NormalizedText.Compatible(words) : null,
            ReadText("category", query.Category, "A category's id: small letters.", Categories.Category.IdLength, text => text.All(char.IsAsciiLetterLower)),
            ReadText("seller", query.Seller, "A seller's id.", Product.SellerLength, text => text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')),
            ReadAmount("minPrice", query.MinPrice),
            ReadAmount("maxPrice", query.MaxPrice),
            reader.ReadFlag("inStock", query.InStock),
            reader.ReadFlag("mine", query.Mine),
            sort,
            query.ReadLimit(reader),
            query.ReadAfter(reader, text => ProductCursor.Read(text, sort)));
        if (filter.MinPrice > filter.MaxPrice)
            reader.Refuse("maxPrice", "Not less than minPrice.");
        return filter;

        string? ReadText(string name, string? value, string rule, int maxLength, Func<string, bool> allowed)
            => reader.Read(name, value, rule, text => text.Trim() is { Length: > 0 } trimmed && allowed(trimmed) && NormalizedText.Length(NormalizedText.Compatible(trimmed)) <= maxLength ? trimmed : null);

        decimal? ReadAmount(string name, string? value)
            => reader.Read(name, value, $"An amount from 0 to {MoneyAttribute.Max:0} with at most two decimals.", text =>
                decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && MoneyAttribute.IsMoney(amount) ? amount : (decimal?)null);
    }
}
