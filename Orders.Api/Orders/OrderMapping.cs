using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.ServiceDefaults.Input;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Orders;

/// <summary>Table <c>orders</c>.</summary>
internal sealed class OrderMapping : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable(table =>
        {
            // A half-way order always has a step that is stored with it, so that none can be forgotten.
            table.HasCheckConstraint("ck_orders_halfway", $"(state in ({List(state => state.Step() is not null)})) = (step_id is not null)");
            table.HasCheckConstraint("ck_orders_state", $"state in ({List(_ => true)})");
            table.HasCheckConstraint("ck_orders_placed", "(placed_at is null) = (currency is null)");

            // Whatever the code believes: nobody gets back more than was paid.
            table.HasCheckConstraint("ck_orders_refunded", "refunded between 0 and captured");
        });

        builder.Property(order => order.Id).ValueGeneratedNever();
        builder.Property(order => order.CustomerId).HasMaxLength(Order.CustomerLength);
        builder.Property(order => order.IdempotencyKey).HasMaxLength(IdempotencyKey.MaxLength);
        builder.Property(order => order.State).HasMaxLength(16)
            .HasConversion(state => state.ToWire(), text => OrderStates.Parse(text)!.Value);
        builder.Property(order => order.Rejection).HasMaxLength(16).HasConversion<string>();
        builder.Property(order => order.PaymentMethod).HasMaxLength(PaymentMethods.MaxLength);
        builder.Property(order => order.Captured).HasPrecision(14, 2);
        builder.Property(order => order.Refunded).HasPrecision(14, 2);
        builder.Property(order => order.Currency).HasMaxLength(3).IsFixedLength();

        // Not Postgres' own row version (xmin), which counts what the whole cluster writes, for anyone to read in an ETag.
        builder.Property(order => order.Version).HasDefaultValue(1).IsConcurrencyToken();
        builder.Ignore(order => order.Total);
        builder.Ignore(order => order.IsHalfway);
        builder.Ignore(order => order.IsCancellable);
        builder.Ignore(order => order.IsRefundable);
        builder.Ignore(order => order.Changes);

        builder.HasMany(order => order.Lines).WithOne().HasForeignKey(line => line.OrderId).HasConstraintName("fk_order_lines_orders");

        // The atomic claim: of racing requests with one key exactly one inserts its order.
        builder.HasIndex(order => new { order.CustomerId, order.IdempotencyKey }).IsUnique().HasDatabaseName("ux_orders_customer_key");
        builder.HasIndex(order => new { order.CustomerId, order.Id }).HasDatabaseName("ix_orders_customer");
        builder.HasIndex(order => new { order.State, order.Id }).HasDatabaseName("ix_orders_state");
        builder.HasOne(order => order.Step).WithOne().HasForeignKey<Order>(order => order.StepId)
            .OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_orders_outbox_messages");
        builder.HasIndex(order => order.StepId).IsUnique().HasFilter("step_id is not null").HasDatabaseName("ux_orders_step");
    }

    private static string List(Func<OrderState, bool> which)
        => string.Join(", ", Enum.GetValues<OrderState>().Where(which).Select(state => $"'{state.ToWire()}'"));
}
