using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SecureShop.Orders.Model;

namespace SecureShop.Orders.Data;

/// <summary>The row's version as an entity tag, so that a client changes only what it has seen.</summary>
internal static class ETag
{
    public static string Of(Order order) => string.Create(CultureInfo.InvariantCulture, $"\"{order.Version:x}\"");

    /// <summary>Whether <c>If-Match</c> allows a change: it is absent, a star, or names the current tag strongly.</summary>
    public static bool Allows(StringValues ifMatch, Order order)
    {
        if (ifMatch.Count == 0)
            return true;

        var current = new EntityTagHeaderValue(Of(order));
        return EntityTagHeaderValue.TryParseList([.. ifMatch!], out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: true));
    }
}
