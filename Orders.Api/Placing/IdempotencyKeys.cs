using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SecureShop.Orders.Bounds;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Personal;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Placing;

/// <summary>
/// Turns a request and its <c>Idempotency-Key</c> into exactly one order. A key belongs to its customer: nobody meets, or can
/// probe for, the keys of others.
/// </summary>
internal sealed class IdempotencyKeys(
    OrdersDbContext database, PersonalSeals seals, CustomerBounds bounds, OutboxMessages outbox, OrderChanges changes, TimeProvider clock)
{
    public async Task<KeyClaim> ClaimAsync(string customerId, string key, PlaceOrderRequest request, CancellationToken cancellationToken)
    {
        using var seal = await seals.MakeAsync(customerId, cancellationToken);
        if (seal is null)
            return new KeyClaim.Erased();
        var hash = RequestHash.Of(seal, request);
        if (await FindAsync(customerId, key, cancellationToken) is { } known)
            return await RepeatAsync(known, hash, cancellationToken);

        var order = NewOrder(customerId, key, hash, request);
        var delivery = Delivery.Of(request.Delivery) is { } asked ? OrderDelivery.Close(seal, order.Id, asked) : null;
        try
        {
            if (await AddAsync(order, delivery, request, cancellationToken) is { } exceeded)
                return new KeyClaim.AboveBounds(exceeded);
            changes.Placed(order);
            return new KeyClaim.Acquired(order);
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The unique index decided a race that the look before cannot decide: two racing copies both pass that.
            database.ChangeTracker.Clear();
        }

        var first = await FindAsync(customerId, key, cancellationToken)
            ?? throw new InvalidOperationException("An idempotency key is taken, and not by its customer.");

        // Our own row: the connection broke after the commit, and the insert was tried again.
        return first.Id == order.Id ? new KeyClaim.Acquired(first) : await RepeatAsync(first, hash, cancellationToken);
    }

    /// <summary>Stores the order with its first step and where it is sent, if the customer may have another; else says why not, and nothing is stored.</summary>
    private Task<string?> AddAsync(Order order, OrderDelivery? delivery, PlaceOrderRequest request, CancellationToken cancellationToken) => database.InTransactionAsync(
        async () =>
        {
            await bounds.LockAsync(order.CustomerId, cancellationToken);
            if (await bounds.FindExceededAsync(order.CustomerId, request.Lines, cancellationToken) is { } exceeded)
                return exceeded;
            changes.Add(order);
            if (delivery is not null)
                database.Add(delivery);
            await database.SaveChangesAsync(cancellationToken);
            return null;
        },
        exceeded => exceeded is null,
        cancellationToken);

    private async Task<KeyClaim> RepeatAsync(Order first, byte[] hash, CancellationToken cancellationToken)
    {
        if (!CryptographicOperations.FixedTimeEquals(first.RequestHash, hash))
            return new KeyClaim.Reused();
        if (first.State is not (OrderState.Pending or OrderState.Reserved or OrderState.Authorized))
            return new KeyClaim.Repeated(first);
        if (!outbox.TryLease(first.Step!))
            return first.State == OrderState.Pending || first.Step!.Attempts == 0 ? new KeyClaim.InProgress() : new KeyClaim.Repeated(first);

        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return new KeyClaim.Acquired(first);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new KeyClaim.InProgress();
        }
    }

    private Task<Order?> FindAsync(string customerId, string key, CancellationToken cancellationToken)
        => database.WholeOrders.SingleOrDefaultAsync(order => order.CustomerId == customerId && order.IdempotencyKey == key, cancellationToken);

    private Order NewOrder(string customerId, string key, byte[] hash, PlaceOrderRequest request)
    {
        var now = clock.GetStoredNow();
        return new Order
        {
            Id = Guid.CreateVersion7(now),
            CustomerId = customerId,
            IdempotencyKey = key,
            RequestHash = hash,
            PaymentMethod = request.PaymentMethod,
            CreatedAt = now,
            Lines = [.. request.Lines.Select((line, position) =>
                new OrderLine { ProductId = line.ProductId, VariantId = line.VariantId, Position = position, Quantity = line.Quantity })],
        };
    }
}
