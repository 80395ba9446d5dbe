using System.Globalization;
using SecureShop.Catalog.Data;
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
    bool Mine,
    ProductSort Sort,
    int Limit,
    ProductCursor? After)
{
    public const int MostItems = 100;
    public const int DefaultItems = 20;
    private const int SearchLength = 100;

    /// <summary>Reads the filter, or says which parameters are wrong and what they may be.</summary>
    public static ProductFilter? Read(ProductListQuery query, out Dictionary<string, string[]> errors)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        errors = faults;

        var filter = new ProductFilter(
            Text("q", query.Q, $"Plain text of 1 to {SearchLength} characters.", text => PlainText.IsPlain(text) && NormalizedText.Length(NormalizedText.Compatible(text)) <= SearchLength),
            Text("category", query.Category, "A category's id: small letters.", text => text.Length <= Data.Category.IdLength && text.All(char.IsAsciiLetterLower)),
            Text("seller", query.Seller, "A seller's id.", text => text.Length <= Product.SellerLength && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')),
            Money("minPrice", query.MinPrice),
            Money("maxPrice", query.MaxPrice),
            Flag("inStock", query.InStock),
            Flag("mine", query.Mine),
            Sorting(query.Sort),
            Count(query.Limit),
            null);

        if (filter.MinPrice > filter.MaxPrice)
            faults["maxPrice"] = ["Not less than minPrice."];
        if (query.After is not null)
        {
            filter = filter with { After = ProductCursor.Read(query.After, filter.Sort) };
            if (filter.After is null)
                faults["after"] = ["The `next` of a page of this list, with the same sort."];
        }

        // As the words that are searched in (ProductMapping).
        return faults.Count == 0 ? filter with { Search = filter.Search is null ? null : NormalizedText.Compatible(filter.Search) } : null;

        string? Text(string name, string? value, string rule, Func<string, bool> allowed)
        {
            if (value is null)
                return null;
            var trimmed = value.Trim();
            if (trimmed.Length == 0 || !allowed(trimmed))
                faults.TryAdd(name, [rule]);
            return trimmed;
        }

        decimal? Money(string name, string? value)
        {
            if (value is null)
                return null;
            if (!decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || !MoneyAttribute.IsMoney(amount))
                faults.TryAdd(name, [$"An amount from 0 to {MoneyAttribute.Most:0} with at most two decimals."]);
            return amount;
        }

        bool Flag(string name, string? value)
        {
            if (value is not (null or "true" or "false"))
                faults.TryAdd(name, ["true or false."]);
            return value is "true";
        }

        ProductSort Sorting(string? value)
        {
            if (value is null)
                return ProductSort.Newest;
            if (ProductSort.Find(value) is { } sort)
                return sort;
            faults.TryAdd("sort", ["newest, price, price-desc or name."]);
            return ProductSort.Newest;
        }

        int Count(string? value)
        {
            if (value is null)
                return DefaultItems;
            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MostItems)
                faults.TryAdd("limit", [$"A number from 1 to {MostItems}."]);
            return count;
        }
    }
}
