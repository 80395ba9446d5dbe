using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Input;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Refunds;

internal enum RefundState
{
    /// <summary>Promised; the payment provider is to be asked.</summary>
    Pending,

    /// <summary>The money is back.</summary>
    Done,

    /// <summary>The payment provider refused; nothing went back.</summary>
    Refused,
}

/// <summary>Money that goes back to a customer, a part or the rest of what they paid.</summary>
internal sealed class Refund
{
    /// <summary>Also the key by which the payment provider knows it: it gives the money back once.</summary>
    public required Guid Id { get; init; }

    public required Guid OrderId { get; init; }

    public required string IdempotencyKey { get; init; }

    public required decimal Amount { get; init; }

    /// <summary>Who of the staff gave it.</summary>
    public required string Actor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public RefundState State { get; private set; }

    public Guid? StepId { get; private set; }

    /// <summary>The message by which the provider is asked; there as long as it is pending.</summary>
    public OutboxMessage? Step { get; init; }

    /// <summary>The provider has answered.</summary>
    public void End(bool done)
    {
        State = done ? RefundState.Done : RefundState.Refused;
        StepId = null;
    }
}

/// <summary>Table <c>refunds</c>.</summary>
internal sealed class RefundMapping : IEntityTypeConfiguration<Refund>
{
    public void Configure(EntityTypeBuilder<Refund> builder)
    {
        builder.ToTable("refunds", table =>
        {
            table.HasCheckConstraint("ck_refunds_amount", "amount > 0");
            table.HasCheckConstraint("ck_refunds_state", "state in ('Pending', 'Done', 'Refused')");
            table.HasCheckConstraint("ck_refunds_pending", "(state = 'Pending') = (step_id is not null)");
        });
        builder.Property(refund => refund.Id).ValueGeneratedNever();
        builder.Property(refund => refund.IdempotencyKey).HasMaxLength(IdempotencyKey.MaxLength);
        builder.Property(refund => refund.Amount).HasPrecision(14, 2);
        builder.Property(refund => refund.Actor).HasMaxLength(Order.CustomerLength);
        builder.Property(refund => refund.State).HasMaxLength(16).HasConversion<string>();
        builder.HasOne<Order>().WithMany().HasForeignKey(refund => refund.OrderId).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_refunds_orders");
        builder.HasOne(refund => refund.Step).WithOne().HasForeignKey<Refund>(refund => refund.StepId)
            .OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_refunds_outbox_messages");
        builder.HasIndex(refund => refund.StepId).IsUnique().HasFilter("step_id is not null").HasDatabaseName("ux_refunds_step");
        builder.HasIndex(refund => new { refund.OrderId, refund.IdempotencyKey }).IsUnique().HasDatabaseName("ux_refunds_order_key");

        // One at a time: what is left is known when the one before has ended.
        builder.HasIndex(refund => refund.OrderId).IsUnique().HasFilter("state = 'Pending'").HasDatabaseName("ux_refunds_pending");
    }
}
