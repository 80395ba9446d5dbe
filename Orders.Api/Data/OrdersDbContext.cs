using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Personal;
using SecureShop.Orders.Refunds;
using SecureShop.Storage.Audit;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Payments;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Data;

/// <summary>The schema <c>orders</c>; each entity lies with its mapping in the folder of its feature.</summary>
internal sealed class OrdersDbContext(DbContextOptions<OrdersDbContext> options) : DbContext(options)
{
    /// <summary>The one schema this service has rights on.</summary>
    public const string Schema = "orders";

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<OrderLine> OrderLines => Set<OrderLine>();

    /// <summary>Orders with their lines and what is to be done next, for whoever carries one on.</summary>
    public IQueryable<Order> WholeOrders => Orders.Include(order => order.Lines).Include(order => order.Step);

    /// <summary>
    /// Saves, and counts the change of each order, a change of its lines among it: of two writers who read the same version one wins, the other
    /// learns it.
    /// </summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        // Once: each look at the entries, and the save itself, would look for changes again.
        ChangeTracker.DetectChanges();
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            var lines = ChangeTracker.Entries<OrderLine>().Where(entry => entry.State == EntityState.Modified).Select(entry => entry.Entity.OrderId).ToHashSet();
            foreach (var order in ChangeTracker.Entries<Order>())
            {
                if (order.State == EntityState.Modified || (order.State == EntityState.Unchanged && lines.Contains(order.Entity.Id)))
                    order.Property(changed => changed.Version).CurrentValue = order.Property(changed => changed.Version).OriginalValue + 1;
            }

            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.MapAudit();
        modelBuilder.MapWaitingAudit();
        modelBuilder.MapOutbox();
        modelBuilder.MapPayments();
        modelBuilder.MapSealing();
        modelBuilder.ApplyConfiguration(new OrderMapping());
        modelBuilder.ApplyConfiguration(new OrderLineMapping());
        modelBuilder.ApplyConfiguration(new OrderDeliveryMapping());
        modelBuilder.ApplyConfiguration(new RefundMapping());
    }
}
