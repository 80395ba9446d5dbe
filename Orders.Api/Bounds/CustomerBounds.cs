using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Placing;
using SecureShop.Storage.Data;

namespace SecureShop.Orders.Bounds;

/// <summary>
/// What one customer may have open. Ask within the transaction that makes the order larger, after <see cref="LockAsync"/>: two orders that are placed at
/// once would both be within the bounds without the other, and together above.
/// </summary>
internal sealed class CustomerBounds(OrdersDbContext database, IOptions<BoundsOptions> options)
{
    /// <summary>Waits until nobody else changes what is open of <paramref name="customer"/>, and keeps them off to the end of the transaction.</summary>
    public Task LockAsync(string customer, CancellationToken cancellationToken) => database.LockAsync(
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"open orders of {customer}"))), cancellationToken);

    /// <summary>Why another order for <paramref name="lines"/> would be too much; null where it is not.</summary>
    public async Task<string?> FindExceededAsync(string customer, IReadOnlyList<PlaceOrderLine> lines, CancellationToken cancellationToken)
    {
        var bounds = options.Value;
        var asked = lines.ToDictionary(line => line.ProductId, line => line.Quantity);
        var products = asked.Keys.ToList();
        var open = await OpenOf(customer)
            .Select(order => order.Lines.Where(line => products.Contains(line.ProductId)).Select(line => new { line.ProductId, line.Quantity }).ToList())
            .ToListAsync(cancellationToken);
        if (open.Count >= bounds.OpenOrders)
            return $"You have {bounds.OpenOrders} open orders, which is as many as there may be. Order again when one is on its way.";

        foreach (var line in open.SelectMany(order => order))
            asked[line.ProductId] += line.Quantity;
        return asked.Values.Any(pieces => pieces > bounds.PiecesPerProduct)
            ? $"You may have {bounds.PiecesPerProduct} pieces of one product in open orders."
            : null;
    }

    /// <summary>Whether the customer may have an order of <paramref name="total"/> open beside the others.</summary>
    public async Task<bool> HasRoomAsync(Order order, decimal total, string currency, CancellationToken cancellationToken)
    {
        var open = await OpenOf(order.CustomerId)
            .Where(other => other.Id != order.Id && other.Currency == currency)
            .SelectMany(other => other.Lines)
            .SumAsync(line => line.UnitPrice!.Value * line.Quantity, cancellationToken);
        return open + total <= options.Value.OpenAmount;
    }

    private IQueryable<Order> OpenOf(string customer)
        => database.Orders.Where(order => order.CustomerId == customer && OrderStates.Open.Contains(order.State));
}
