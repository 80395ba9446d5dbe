using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Model;

namespace SecureShop.Orders.Data;

/// <summary>The schema <c>orders</c>. Public for the Database job, which runs its migrations.</summary>
public sealed class OrdersDbContext(DbContextOptions<OrdersDbContext> options) : DbContext(options)
{
    /// <summary>The schema that all tables, and the history of migrations, live in.</summary>
    public const string Schema = "orders";

    internal DbSet<Order> Orders => Set<Order>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfiguration(new OrderMapping());
        modelBuilder.ApplyConfiguration(new OrderLineMapping());
    }
}
