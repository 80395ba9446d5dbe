using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Progress;

/// <summary>
/// Saves what has become of an order: with the step that follows and the record of it, in one transaction, and then tells it. The one way for whoever
/// changes an order.
/// </summary>
internal sealed class OrderChanges(OrdersDbContext database, OutboxMessages outbox, AuditTrail trail, SecurityLog security)
{
    /// <summary>Who the shop itself is in events.</summary>
    public const string Shop = "shop";

    private readonly HashSet<OrderChange> recorded = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds an order that is new, with its first step.</summary>
    public void Add(Order order)
    {
        order.Expect(outbox.New(order.State.Step()!, order.Id));
        database.Add(order);
        OrderEvents.OrderChanged(trail.In(database), order.Id, order.CustomerId, order.CustomerId, "none", order.State.ToWire());
    }

    /// <summary>Tells of an order that was added, after that was saved.</summary>
    public void Placed(Order order) => Tell(order, order.CustomerId, "none", order.State);

    /// <summary>Saves the order as part of the caller's transaction, where there is one.</summary>
    /// <returns>False where somebody else has changed it meanwhile: nothing is saved, and it has to be read again.</returns>
    public async Task<bool> SaveAsync(Order order, string actor, CancellationToken cancellationToken = default)
    {
        if (!await StoreAsync(order, actor, cancellationToken))
            return false;
        Accept(order, actor);
        return true;
    }

    /// <summary>The same within a transaction, which may be undone and tried again yet; after it comes <see cref="Accept"/>.</summary>
    public async Task<bool> StoreAsync(Order order, string actor, CancellationToken cancellationToken = default)
    {
        if (order.Changes.Count > 0)
            Follow(order);

        // Once each, however often the transaction is tried.
        foreach (var change in order.Changes.Where(recorded.Add))
            OrderEvents.OrderChanged(trail.In(database), order.Id, order.CustomerId, actor, change.From.ToWire(), change.To.ToWire());
        try
        {
            await database.SaveChangesAsync(acceptAllChangesOnSuccess: false, cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    /// <summary>What was stored holds: tells of each change of state.</summary>
    public void Accept(Order order, string actor)
    {
        database.ChangeTracker.AcceptAllChanges();
        foreach (var change in order.Changes)
            Tell(order, actor, change.From.ToWire(), change.To);
        order.ForgetChanges();
    }

    /// <summary>The order as it is now, whatever this context believed.</summary>
    public Task<Order> ReadAgainAsync(Guid id)
    {
        database.ChangeTracker.Clear();
        return database.WholeOrders.SingleAsync(order => order.Id == id);
    }

    /// <summary>The step that was done goes, the one that follows comes: a message is removed with its own effect.</summary>
    private void Follow(Order order)
    {
        var next = order.State.Step();
        var done = order.Step;
        if (done is not null && database.Entry(done).State == EntityState.Added)
            return;
        order.Expect(next is null ? null : outbox.New(next, order.Id));
        if (done is not null)
            database.Remove(done);
    }

    private void Tell(Order order, string actor, string from, OrderState to)
    {
        OrderMetrics.Reached(to.ToWire());
        OrderEvents.OrderChanged(security.ForCurrentRequest(), order.Id, order.CustomerId, actor, from, to.ToWire());
    }
}
