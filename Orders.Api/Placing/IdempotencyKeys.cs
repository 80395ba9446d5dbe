using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Personal;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Placing;

/// <summary>
/// Turns a request and its <c>Idempotency-Key</c> into exactly one order. A key belongs to its customer: nobody meets, or can
/// probe for, the keys of others.
/// </summary>
internal sealed class IdempotencyKeys(OrdersDbContext database, PersonalSeals seals, TimeProvider clock, IOptions<ProgressOptions> options)
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
        database.Add(order);
        if (Delivery.Of(request.Delivery) is { } delivery)
            database.Add(OrderDelivery.Close(seal, order.Id, delivery));
        try
        {
            await database.SaveChangesAsync(cancellationToken);
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

    private async Task<KeyClaim> RepeatAsync(Order first, byte[] hash, CancellationToken cancellationToken)
    {
        if (!CryptographicOperations.FixedTimeEquals(first.RequestHash, hash))
            return new KeyClaim.Reused();
        if (first.State != OrderState.Pending)
            return new KeyClaim.Repeated(first);

        var now = clock.GetStoredNow();
        if (first.IsLeased(now))
            return new KeyClaim.InProgress();

        first.Lease(now + options.Value.Lease);
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
        => database.Orders.Include(order => order.Lines)
            .SingleOrDefaultAsync(order => order.CustomerId == customerId && order.IdempotencyKey == key, cancellationToken);

    private Order NewOrder(string customerId, string key, byte[] hash, PlaceOrderRequest request)
    {
        var now = clock.GetStoredNow();
        var order = new Order
        {
            Id = Guid.CreateVersion7(now),
            CustomerId = customerId,
            IdempotencyKey = key,
            RequestHash = hash,
            CreatedAt = now,
            Lines = [.. request.Lines.Select((line, position) =>
                new OrderLine { ProductId = line.ProductId, Position = position, Quantity = line.Quantity })],
        };
        order.Lease(now + options.Value.Lease);
        return order;
    }
}
