using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Payments;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Refunds;

/// <summary>Gives money back: first promised and stored, then asked of the payment provider, so that no crash loses it and none is given twice.</summary>
internal sealed class RefundDesk(
    OrdersDbContext database, OrderQueries orders, OutboxMessages outbox, OrderChanges changes, PaymentDesk payments, AuditTrail trail, TimeProvider clock,
    IOptions<RefundOptions> options) : IOutboxHandler
{
    /// <summary>The kind of its messages.</summary>
    public const string Kind = "refund";

    /// <summary>The refund of an order that <paramref name="key"/> stands for already.</summary>
    public Task<Refund?> FindAsync(Order order, string key, CancellationToken cancellationToken)
        => database.Set<Refund>().Include(refund => refund.Step).SingleOrDefaultAsync(refund => refund.OrderId == order.Id && refund.IdempotencyKey == key, cancellationToken);

    /// <summary>Why <paramref name="user"/> may not give <paramref name="amount"/> back, one of <see cref="RefundRefusal"/>; null where they may.</summary>
    public string? FindRefusal(Order order, decimal amount, ClaimsPrincipal user)
    {
        // Whoever can pay themselves will.
        if (order.CustomerId == user.Subject())
            return RefundRefusal.OwnOrder;

        // In all, because many small ones are a large one.
        return user.HasRole(Role.Admin) || order.Refunded + amount <= options.Value.SupportLimit ? null : RefundRefusal.AboveLimit;
    }

    /// <summary>Stores the promise. Null where somebody else has changed the order, or another refund of it is under way.</summary>
    public async Task<Refund?> PromiseAsync(Order order, string key, decimal amount, string actor, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var id = Guid.CreateVersion7(now);
        var refund = new Refund
        {
            Id = id,
            OrderId = order.Id,
            IdempotencyKey = key,
            Amount = amount,
            Actor = actor,
            CreatedAt = now,
            Step = outbox.New(Kind, id),
        };
        order.PromiseRefund(amount);
        database.Add(refund);
        OrderEvents.RefundPromised(trail.In(database), actor, amount, order.Id, order.CustomerId, id);
        try
        {
            return await changes.SaveAsync(order, actor, cancellationToken) ? refund : null;
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return null;
        }
    }

    public async Task CarryOutAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var refund = await database.Set<Refund>().Include(refund => refund.Step).SingleAsync(refund => refund.StepId == message.Id, cancellationToken);
        await AdvanceAsync(refund, await orders.FindAnyAsync(refund.OrderId, cancellationToken) ?? throw new InvalidOperationException("A refund without an order."));
    }

    /// <summary>Asks the provider, and keeps what it says.</summary>
    public async Task AdvanceAsync(Refund refund, Order order)
    {
        var step = refund.Step!;
        switch (await payments.RefundAsync(order, refund.Id, refund.Amount))
        {
            case PaymentAnswer.Done:
                refund.End(done: true);
                order.EndRefund(refund.Amount, done: true);
                database.Remove(step);
                break;
            case PaymentAnswer.Refused:
                refund.End(done: false);
                order.EndRefund(refund.Amount, done: false);
                database.Remove(step);
                break;
            case PaymentAnswer.Unknown:
                outbox.PutOff(step, failed: false);
                break;
            default:
                outbox.PutOff(step, failed: true);
                break;
        }

        // Where the order has changed meanwhile, the message is still there when its lease ends, and the provider says the same again.
        await changes.SaveAsync(order, refund.Actor);
    }
}

/// <summary>Why a refund was refused (docs/events.md).</summary>
internal static class RefundRefusal
{
    /// <summary>More than support may give back.</summary>
    public const string AboveLimit = "refund_limit";

    /// <summary>The caller's own order.</summary>
    public const string OwnOrder = "refund_own";
}
