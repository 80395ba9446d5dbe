using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.Products;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;

namespace SecureShop.Catalog.Reservations;

/// <summary>What came of asking for stock.</summary>
internal abstract record ReservationResult
{
    public sealed record Taken(Reservation Reservation) : ReservationResult;

    /// <summary>There is no such published product, or too little of it. Nothing was taken.</summary>
    public sealed record InsufficientStock(Guid ProductId) : ReservationResult;

    /// <summary>The order already took other lines.</summary>
    public sealed record LinesDiffer : ReservationResult;

    /// <summary>The order was released, maybe before this request arrived.</summary>
    public sealed record Released : ReservationResult;
}

/// <summary>
/// Takes stock for orders and gives it back, each exactly once over any number of repetitions and replicas. The row of
/// the order decides: it is inserted first, so that of two racing copies one waits for the other's outcome.
/// </summary>
internal sealed class StockReservations(CatalogDbContext database, TimeProvider clock)
{
    public Task<ReservationResult> TakeAsync(Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
        => database.InTransactionAsync(() => TakeOnceAsync(orderId, lines, cancellationToken), result => result is ReservationResult.Taken, cancellationToken);

    public Task<bool> ReleaseAsync(Guid orderId, CancellationToken cancellationToken)
        => database.InTransactionAsync(() => ReleaseOnceAsync(orderId, cancellationToken), _ => true, cancellationToken);

    private async Task<ReservationResult> TakeOnceAsync(
        Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
    {
        var inserted = await database.Database.ExecuteSqlAsync(
            $"insert into catalog.reservations (order_id, created_at) values ({orderId}, {clock.GetStoredNow()}) on conflict do nothing",
            cancellationToken);
        if (inserted == 0)
            return await RepeatAsync(orderId, lines, cancellationToken);

        // In the order of the ids, as every reservation does: two that share products wait for each other and never both.
        foreach (var line in lines.OrderBy(line => line.ProductId))
        {
            // One step decides and takes; a check followed by an update would sell the last piece twice.
            var taken = await database.Products
                .Where(product => product.Id == line.ProductId && product.Published && product.Stock >= line.Quantity)
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(product => product.Stock, product => product.Stock - line.Quantity)
                        .SetProperty(product => product.StockVersion, product => product.StockVersion + 1),
                    cancellationToken);
            if (taken == 0)
                return new ReservationResult.InsufficientStock(line.ProductId);
        }

        return new ReservationResult.Taken(await KeepAsync(orderId, lines, cancellationToken));
    }

    private async Task<ReservationResult> RepeatAsync(
        Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
    {
        var known = await database.Reservations.AsNoTracking().Include(reservation => reservation.Lines)
            .SingleAsync(reservation => reservation.OrderId == orderId, cancellationToken);
        if (known.ReleasedAt is not null)
            return new ReservationResult.Released();

        var same = known.Lines.Select(line => (line.ProductId, line.Quantity)).ToHashSet()
            .SetEquals(lines.Select(line => (line.ProductId, line.Quantity)));
        return same ? new ReservationResult.Taken(known) : new ReservationResult.LinesDiffer();
    }

    /// <summary>Keeps what was taken, with the prices of this moment; the rows are locked until the transaction ends.</summary>
    private async Task<Reservation> KeepAsync(Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
    {
        var ids = lines.Select(line => line.ProductId).ToList();
        var products = await database.Products.AsNoTracking()
            .Where(product => ids.Contains(product.Id))
            .ToDictionaryAsync(product => product.Id, cancellationToken);
        var kept = lines.Select((line, position) => new ReservationLine
        {
            OrderId = orderId,
            Position = position,
            ProductId = line.ProductId,
            Name = products[line.ProductId].Name,
            SellerId = products[line.ProductId].SellerId,
            Quantity = line.Quantity,
            UnitPrice = products[line.ProductId].Price,
            Currency = products[line.ProductId].Currency,
        }).ToList();
        database.ReservationLines.AddRange(kept);
        await database.SaveChangesAsync(cancellationToken);
        return new() { OrderId = orderId, CreatedAt = clock.GetStoredNow(), Lines = kept };
    }

    private async Task<bool> ReleaseOnceAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();

        // A release may overtake its own take. The mark stays, so that the late take finds it and takes nothing.
        var marked = await database.Database.ExecuteSqlAsync(
            $"insert into catalog.reservations (order_id, created_at, released_at) values ({orderId}, {now}, {now}) on conflict do nothing",
            cancellationToken);
        if (marked == 1)
            return true;

        var released = await database.Reservations
            .Where(reservation => reservation.OrderId == orderId && reservation.ReleasedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(reservation => reservation.ReleasedAt, now), cancellationToken);
        if (released == 0)
            return true;

        var lines = await database.ReservationLines.AsNoTracking()
            .Where(line => line.OrderId == orderId).OrderBy(line => line.ProductId).ToListAsync(cancellationToken);
        foreach (var line in lines)
        {
            // The seller may have counted up to the limit meanwhile, or have deleted the product.
            await database.Products.Where(product => product.Id == line.ProductId).ExecuteUpdateAsync(
                set => set
                    .SetProperty(product => product.Stock, product => Math.Min(product.Stock + line.Quantity, Product.MaxStock))
                    .SetProperty(product => product.StockVersion, product => product.StockVersion + 1),
                cancellationToken);
        }

        return true;
    }
}
