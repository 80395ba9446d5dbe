using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.Stock;

namespace SecureShop.Catalog.Reservations;

/// <summary>
/// How a reservation ends: for the two who may end one, in their transaction and with its row locked. Whoever finds it ended does
/// nothing, so that stock goes back once.
/// </summary>
internal static class ReservationEnd
{
    /// <summary>Ends the reservation and gives its stock back.</summary>
    public static async Task EndAsync(
        this CatalogDbContext database, Guid orderId, bool expired, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = await database.Reservations
            .Where(reservation => reservation.OrderId == orderId && reservation.ReleasedAt == null)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(reservation => reservation.ReleasedAt, now)
                    .SetProperty(reservation => reservation.Expired, expired),
                cancellationToken);
        if (ended == 0)
            return;

        await database.ReservationLines.Where(line => line.OrderId == orderId && line.SoldAt != null).ExecuteUpdateAsync(
            set => set.SetProperty(line => line.SoldAt, (DateTimeOffset?)null), cancellationToken);

        // In the order of the ids, as stock is taken: two that share products wait for each other and never both.
        var lines = await database.ReservationLines.AsNoTracking()
            .Where(line => line.OrderId == orderId).OrderBy(line => line.ProductId).ThenBy(line => line.VariantId).ToListAsync(cancellationToken);
        foreach (var line in lines)
        {
            var item = line.VariantId ?? Guid.Empty;

            // The seller may have counted up to the limit meanwhile, or have deleted the product or the variant.
            await database.Stock.Where(stock => stock.ProductId == line.ProductId && stock.VariantId == item).ExecuteUpdateAsync(
                set => set
                    .SetProperty(stock => stock.Quantity, stock => Math.Min(stock.Quantity + line.Quantity, StockLevel.Max))
                    .SetProperty(stock => stock.UpdatedAt, now)
                    .SetProperty(stock => stock.Version, stock => stock.Version + 1),
                cancellationToken);
        }
    }
}
