using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Model;
using SecureShop.ServiceDefaults;

namespace SecureShop.Orders.Data;

/// <summary>Keyset pages over orders, newest first: ids are UUIDv7, so their order is the order of time.</summary>
internal static class OrderPages
{
    public const string NoCursor = "Not a value of 'next' of an earlier page.";

    public static IQueryable<Order> OwnedBy(this IQueryable<Order> orders, string customerId) =>
        orders.Where(order => order.CustomerId == customerId);

    /// <summary>Reads the cursor: the id of the last order seen. Null starts at the newest.</summary>
    public static bool TryStart(string? cursor, out Guid? start)
    {
        start = null;
        if (cursor is null)
            return true;
        if (!PageCursor.TryDecode(cursor, 1, out var values) || !Guid.TryParseExact(values[0], "N", out var id))
            return false;
        start = id;
        return true;
    }

    public static ValidationProblem BadCursor() => TypedResults.ValidationProblem(
        new Dictionary<string, string[]>(StringComparer.Ordinal) { ["after"] = [NoCursor] });

    public static async Task<Page<T>> ReadAsync<T>(
        IQueryable<Order> orders, Guid? start, int limit, Func<Order, T> shape, CancellationToken cancellationToken)
    {
        if (start is { } last)
            orders = orders.Where(order => order.Id < last);

        // One more than asked for tells whether there is a next page, without counting.
        var found = await orders.OrderByDescending(order => order.Id).Take(limit + 1)
            .Include(order => order.Lines).AsNoTracking().ToListAsync(cancellationToken);
        var next = found.Count > limit ? PageCursor.Encode(found[limit - 1].Id.ToString("N")) : null;
        return new Page<T>([.. found.Take(limit).Select(shape)], next);
    }
}
