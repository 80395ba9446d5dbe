using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Orders.Payments;

/// <summary>Something that <see cref="DevelopmentPayments"/> did with a payment.</summary>
internal sealed class DevelopmentMovement
{
    public long Id { get; init; }

    public required Guid Payment { get; init; }

    /// <summary>Makes it happen once.</summary>
    public required string Key { get; init; }

    public required string Kind { get; init; }

    public required string Method { get; init; }

    public required decimal Amount { get; init; }

    public required string Currency { get; init; }

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
        builder.HasIndex(move => new { move.Payment, move.Key }).IsUnique().HasDatabaseName("ux_development_movements_key");
    }
}
