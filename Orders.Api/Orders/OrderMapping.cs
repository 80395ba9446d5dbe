using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.Orders.Placing;

namespace SecureShop.Orders.Orders;

/// <summary>Table <c>orders</c>.</summary>
internal sealed class OrderMapping : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable(table =>
        {
            // A half-way order always has a next attempt, so that none can be forgotten by the reconciler.
            table.HasCheckConstraint(
                "ck_orders_halfway", "(state in ('pending', 'rejecting', 'cancelling')) = (next_attempt_at is not null)");
            table.HasCheckConstraint(
                "ck_orders_state", "state in ('pending', 'placed', 'rejecting', 'rejected', 'cancelling', 'cancelled')");
            table.HasCheckConstraint("ck_orders_placed", "(placed_at is null) = (currency is null)");
        });

        builder.Property(order => order.Id).ValueGeneratedNever();
        builder.Property(order => order.CustomerId).HasMaxLength(Order.CustomerLength);
        builder.Property(order => order.IdempotencyKey).HasMaxLength(IdempotencyKey.MaxLength);
        builder.Property(order => order.State).HasMaxLength(16)
            .HasConversion(state => state.ToWire(), text => OrderStates.Parse(text)!.Value);
        builder.Property(order => order.Rejection).HasMaxLength(16).HasConversion<string>();
        builder.Property(order => order.Currency).HasMaxLength(3).IsFixedLength();

        // Not Postgres' own row version (xmin), which counts what the whole cluster writes, for anyone to read in an ETag.
        builder.Property(order => order.Version).HasDefaultValue(1).IsConcurrencyToken();
        builder.Ignore(order => order.Total);
        builder.Ignore(order => order.IsHalfway);

        builder.HasMany(order => order.Lines).WithOne().HasForeignKey(line => line.OrderId).HasConstraintName("fk_order_lines_orders");

        // The atomic claim: of racing requests with one key exactly one inserts its order.
        builder.HasIndex(order => new { order.CustomerId, order.IdempotencyKey }).IsUnique().HasDatabaseName("ux_orders_customer_key");
        builder.HasIndex(order => new { order.CustomerId, order.Id }).HasDatabaseName("ix_orders_customer");
        builder.HasIndex(order => new { order.State, order.Id }).HasDatabaseName("ix_orders_state");
        builder.HasIndex(order => order.NextAttemptAt).HasFilter("next_attempt_at is not null").HasDatabaseName("ix_orders_due");
    }
}
