using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;

namespace SecureShop.Catalog.Reservations;

/// <summary>
/// Takes stock for orders, makes it final and gives it back, each exactly once over any number of repetitions and replicas. The row
/// of the order decides: a take inserts it first, and everything else locks it, so that of two at once one waits for the other's outcome.
/// </summary>
internal sealed class StockReservations(CatalogDbContext database, TimeProvider clock, IOptions<ReservationOptions> options)
{
    public Task<ReservationResult> TakeAsync(Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            () => TakeOnceAsync(orderId, lines, cancellationToken), result => result is not (ReservationResult.InsufficientStock or ReservationResult.OtherVariants), cancellationToken);

    /// <summary>Makes it final, and says in which state it is now; null where the order has taken nothing.</summary>
    public async Task<ReservationState?> ConfirmAsync(Guid orderId, CancellationToken cancellationToken)
        => await ConfirmHeldAsync(orderId, cancellationToken)
            ? ReservationState.Confirmed
            : await database.InTransactionAsync(() => ConfirmLockedAsync(orderId, cancellationToken), _ => true, cancellationToken);

    public Task<bool> ReleaseAsync(Guid orderId, CancellationToken cancellationToken)
        => database.InTransactionAsync(() => ReleaseOnceAsync(orderId, cancellationToken), _ => true, cancellationToken);

    private async Task<ReservationResult> TakeOnceAsync(
        Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var until = now + options.Value.Hold;
        var inserted = await database.Database.ExecuteSqlAsync(
            $"insert into catalog.reservations (order_id, created_at, expires_at) values ({orderId}, {now}, {until}) on conflict do nothing",
            cancellationToken);
        if (inserted == 0)
            return await RepeatAsync(orderId, lines, cancellationToken);

        // In the order of the ids, as every reservation does: two that share products wait for each other and never both.
        foreach (var line in lines.OrderBy(line => line.ProductId).ThenBy(line => line.VariantId))
        {
            var item = line.VariantId ?? Guid.Empty;

            // One step decides and takes; a check followed by an update would sell the last piece twice.
            var taken = await database.Stock
                .Where(stock => stock.ProductId == line.ProductId && stock.VariantId == item && stock.Quantity >= line.Quantity
                    && database.Products.Any(product => product.Id == line.ProductId && product.Published))
                .ExecuteUpdateAsync(
                    set => set
                        .SetProperty(stock => stock.Quantity, stock => stock.Quantity - line.Quantity)
                        .SetProperty(stock => stock.UpdatedAt, now)
                        .SetProperty(stock => stock.Version, stock => stock.Version + 1),
                    cancellationToken);
            if (taken == 0)
                return await WhyNotAsync(line.ProductId, item, cancellationToken);
        }

        var kept = await KeepAsync(orderId, lines, cancellationToken);
        return new ReservationResult.Taken(new() { OrderId = orderId, CreatedAt = now, ExpiresAt = until, Lines = kept });
    }

    private async Task<ReservationResult> WhyNotAsync(Guid productId, Guid item, CancellationToken cancellationToken)
    {
        var items = await database.Stock.Where(stock => stock.ProductId == productId && database.Products.Any(product => product.Id == productId && product.Published))
            .Select(stock => stock.VariantId).ToListAsync(cancellationToken);
        return items.Count == 0 || items.Contains(item) ? new ReservationResult.InsufficientStock(productId) : new ReservationResult.OtherVariants(productId);
    }

    private async Task<ReservationResult> RepeatAsync(
        Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
    {
        // It was there when ours was refused, and none is ever deleted.
        var state = (await LockAsync(orderId, cancellationToken))!.Value;
        if (state is ReservationState.Expired or ReservationState.Released)
            return new ReservationResult.Ended(state == ReservationState.Expired);

        var known = await database.Reservations.AsNoTracking().Include(reservation => reservation.Lines)
            .SingleAsync(reservation => reservation.OrderId == orderId, cancellationToken);
        var same = known.Lines.Select(line => (line.ProductId, line.VariantId, line.Quantity)).ToHashSet()
            .SetEquals(lines.Select(line => (line.ProductId, line.VariantId, line.Quantity)));
        return same ? new ReservationResult.Taken(known) : new ReservationResult.LinesDiffer();
    }

    /// <summary>Keeps what was taken, with the prices of this moment. No product or variant of it can be deleted before the transaction ends: its stock would have to go with it, and is locked.</summary>
    private async Task<List<ReservationLine>> KeepAsync(Guid orderId, IReadOnlyList<ReservationLineRequest> lines, CancellationToken cancellationToken)
    {
        var ids = lines.Select(line => line.ProductId).ToList();
        var products = await database.Products.AsNoTracking()
            .Where(product => ids.Contains(product.Id))
            .ToDictionaryAsync(product => product.Id, cancellationToken);
        var kept = lines.Select((line, position) =>
        {
            var product = products[line.ProductId];
            var variant = line.VariantId is { } id ? product.Variants.Single(one => one.Id == id) : null;
            return new ReservationLine
            {
                OrderId = orderId,
                Position = position,
                ProductId = line.ProductId,
                VariantId = line.VariantId,
                Name = variant?.NameOf(product) ?? product.Name,
                SellerId = product.SellerId,
                Quantity = line.Quantity,
                UnitPrice = variant?.Price ?? product.Price,
                Currency = product.Currency,
            };
        }).ToList();
        database.ReservationLines.AddRange(kept);
        await database.SaveChangesAsync(cancellationToken);
        return kept;
    }

    /// <summary>In one statement: it waits for whoever has locked the row, and looks again whether it is still held.</summary>
    private async Task<bool> ConfirmHeldAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        return await database.Database.ExecuteSqlAsync(
            $"""
             with held as (
                 update catalog.reservations set confirmed_at = {now}
                 where order_id = {orderId} and confirmed_at is null and released_at is null and expires_at > {now} returning order_id)
             update catalog.reservation_lines set sold_at = {now} from held where reservation_lines.order_id = held.order_id
             """,
            cancellationToken) > 0;
    }

    private async Task<ReservationState?> ConfirmLockedAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var state = await LockAsync(orderId, cancellationToken);
        return state == ReservationState.Held && await ConfirmHeldAsync(orderId, cancellationToken) ? ReservationState.Confirmed : state;
    }

    private async Task<bool> ReleaseOnceAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();

        // A release may overtake its own take. The mark stays, so that the late take finds it and takes nothing.
        var marked = await database.Database.ExecuteSqlAsync(
            $"insert into catalog.reservations (order_id, created_at, expires_at, released_at) values ({orderId}, {now}, {now}, {now}) on conflict do nothing",
            cancellationToken);
        if (marked == 0 && await LockAsync(orderId, cancellationToken) is ReservationState.Held or ReservationState.Confirmed)
            await database.EndAsync(orderId, expired: false, now, cancellationToken);
        return true;
    }

    /// <summary>
    /// The state of the order's reservation, whose row is then locked. One whose time is over gives its stock back here: who is told that
    /// it has expired can rely on it, whatever the clocks of other replicas say.
    /// </summary>
    private async Task<ReservationState?> LockAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var locked = await database.Reservations
            .FromSql($"select order_id, created_at, expires_at, confirmed_at, released_at, expired from catalog.reservations where order_id = {orderId} for update")
            .AsNoTracking().ToListAsync(cancellationToken);
        if (locked is not [var reservation])
            return null;

        // The time when it is ours, and not when we began to wait for it.
        var now = clock.GetStoredNow();
        var state = reservation.StateAt(now);
        if (state != ReservationState.Due)
            return state;
        await database.EndAsync(orderId, expired: true, now, cancellationToken);
        return ReservationState.Expired;
    }
}
