using System.Globalization;
using SecureShop.ServiceDefaults.Paging;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Catalog.Products;

/// <summary>The row after which a page begins. It comes back from the client, so it is checked like any input.</summary>
internal sealed record ProductCursor(string Key, decimal Price, float Rank, Guid Id)
{
    public static string Write(ProductSort sort, string name, decimal price, Guid id, float rank = 0)
        => PageCursor.Encode(sort.Name, sort.CursorKey(name, price, rank), id.ToString("D"));

    public static ProductCursor? Read(string text, ProductSort sort)
    {
        if (!PageCursor.TryDecode(text, 3, out var parts) || parts[0] != sort.Name || !Guid.TryParseExact(parts[2], "D", out var id))
            return null;

        var key = parts[1];
        if (NormalizedText.Length(key) > Product.NameLength || !PlainText.IsPlain(key))
            return null;

        var isPrice = decimal.TryParse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && MoneyAttribute.IsMoney(price);
        var isRank = float.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var rank) && float.IsFinite(rank);
        return sort.Key switch
        {
            SortKey.Price => isPrice,
            SortKey.Rank => isRank,
            _ => true,
        } ? new(key, price, rank, id) : null;
    }
}
