using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Model;

namespace SecureShop.Orders.Data;

/// <summary>The schema <c>orders</c>. Public for the Database job, which runs its migrations.</summary>
public sealed class OrdersDbContext(DbContextOptions<OrdersDbContext> options) : DbContext(options)
{
    /// <summary>The schema that all tables, and the history of migrations, live in.</summary>
    public const string Schema = "orders";

    internal DbSet<Order> Orders => Set<Order>();

    /// <summary>Saves, and counts the change of each order: of two writers who read the same version one wins, the other learns it.</summary>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var order in ChangeTracker.Entries<Order>().Where(entry => entry.State == EntityState.Modified))
            order.Property(changed => changed.Version).CurrentValue = order.Property(changed => changed.Version).OriginalValue + 1;
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfiguration(new OrderMapping());
        modelBuilder.ApplyConfiguration(new OrderLineMapping());
    }
}
