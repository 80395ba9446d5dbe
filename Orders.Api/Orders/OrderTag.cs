using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace SecureShop.Orders.Orders;

/// <summary>What an order's ETag is made of: the version of its row.</summary>
internal static class OrderTag
{
    public static EntityTagHeaderValue Of(Order order) => new(string.Create(CultureInfo.InvariantCulture, $"\"{order.Version:x}\""));

    /// <summary>Whether <paramref name="tag"/>, in its quotes, names the version of the order.</summary>
    public static bool Names(string tag, Order order) => tag == Of(order).Tag.ToString();
}
