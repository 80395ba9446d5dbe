using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Storage.Payments;

/// <summary>Something that <see cref="DevelopmentPayments{TContext}"/> did with a payment.</summary>
public sealed class DevelopmentMovement
{
    /// <summary>In the order of writing.</summary>
    public long Id { get; init; }

    /// <summary>Its key.</summary>
    public required Guid Payment { get; init; }

    /// <summary>Which of the payment's it is, from 0: of two that are done at once one is. Older ones have none.</summary>
    public int? Number { get; init; }

    /// <summary>Makes it happen once.</summary>
    public required string Key { get; init; }

    /// <summary>What was done.</summary>
    public required string Kind { get; init; }

    /// <summary>The means of payment.</summary>
    public required string Method { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Table <c>development_movements</c>.</summary>
internal sealed class DevelopmentMovementMapping : IEntityTypeConfiguration<DevelopmentMovement>
{
    public void Configure(EntityTypeBuilder<DevelopmentMovement> builder)
    {
        builder.ToTable("development_movements");
        builder.Property(move => move.Id).UseIdentityAlwaysColumn();
        builder.Property(move => move.Key).HasMaxLength(32);
        builder.Property(move => move.Kind).HasMaxLength(16);
        builder.Property(move => move.Method).HasMaxLength(PaymentMethods.MaxLength);
        builder.Property(move => move.Amount).HasPrecision(14, 2);
        builder.Property(move => move.Currency).HasMaxLength(3).IsFixedLength();
        builder.HasIndex(move => new { move.Payment, move.Number }).IsUnique().HasDatabaseName("ux_development_movements_number");
        builder.HasIndex(move => new { move.Payment, move.Key }).IsUnique().HasDatabaseName("ux_development_movements_key");
    }
}
