using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Orders.Orders;

/// <summary>A checked query: which orders, and which page of them.</summary>
internal sealed record OrderFilter(string? Customer, OrderState? State, int Limit, Guid? After)
{
    /// <summary>The orders of <paramref name="customer"/>; what is wrong is in <paramref name="reader"/>.</summary>
    public static OrderFilter Read(PageQuery query, string customer, QueryReader reader)
        => new(customer, State: null, query.ReadLimit(reader), query.ReadAfter(reader, ParseCursor));

    /// <summary>Everybody's orders.</summary>
    public static OrderFilter Read(OrderListQuery query, QueryReader reader) => new(
        reader.Read("customer", query.Customer, $"A customer's id: 1 to {Order.CustomerLength} letters, digits, - and _.", text => IsId(text) ? text : null),
        reader.Read("state", query.State, OrderStates.InWords, OrderStates.Parse),
        query.ReadLimit(reader),
        query.ReadAfter(reader, ParseCursor));

    public static string WriteCursor(Order last) => PageCursor.Encode(last.Id.ToString("N"));

    public static Guid? ParseCursor(string text)
        => PageCursor.TryDecode(text, 1, out var parts) && Guid.TryParseExact(parts[0], "N", out var id) ? id : null;

    private static bool IsId(string text)
        => text.Length is >= 1 and <= Order.CustomerLength && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
