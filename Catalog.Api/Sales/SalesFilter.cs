using System.Globalization;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Sales;

/// <summary>Which page of a seller's sales.</summary>
internal sealed record SalesFilter(int Limit, SalesCursor? After)
{
    /// <summary>Reads it; what is wrong is in <paramref name="reader"/>.</summary>
    public static SalesFilter Read(PageQuery query, QueryReader reader) => new(query.ReadLimit(reader), query.ReadAfter(reader, SalesCursor.Read));
}

/// <summary>The sale after which a page begins. It comes back from the client, so it is checked like any input.</summary>
internal sealed record SalesCursor(DateTimeOffset SoldAt, Guid OrderId, int Position)
{
    // Postgres ends long before .NET does.
    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Write(DateTimeOffset soldAt, Guid orderId, int position) => PageCursor.Encode(
        soldAt.UtcTicks.ToString(CultureInfo.InvariantCulture), orderId.ToString("N"), position.ToString(CultureInfo.InvariantCulture));

    public static SalesCursor? Read(string text)
        => PageCursor.TryDecode(text, 3, out var parts)
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks >= DateTimeOffset.UnixEpoch.Ticks && ticks < Latest.Ticks
            && Guid.TryParseExact(parts[1], "N", out var orderId)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new(new DateTimeOffset(ticks, TimeSpan.Zero), orderId, position)
            : null;
}
