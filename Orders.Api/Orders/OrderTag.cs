using System.Globalization;

namespace SecureShop.Orders.Orders;

/// <summary>What an order's ETag is made of: the version of its row.</summary>
internal static class OrderTag
{
    public static string Of(Order order) => string.Create(CultureInfo.InvariantCulture, $"\"{order.Version:x}\"");
}
