using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Catalog.Data;

/// <summary>Table <c>reservations</c>.</summary>
internal sealed class ReservationMapping : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> builder)
    {
        builder.HasKey(reservation => reservation.OrderId);
        builder.Property(reservation => reservation.OrderId).ValueGeneratedNever();
        builder.HasMany(reservation => reservation.Lines).WithOne().HasForeignKey(line => line.OrderId)
            .HasConstraintName("fk_reservation_lines_reservation");
    }
}

/// <summary>
/// Table <c>reservation_lines</c>. It has no foreign key to <c>products</c>: a seller may delete a product that was sold.
/// </summary>
internal sealed class ReservationLineMapping : IEntityTypeConfiguration<ReservationLine>
{
    public void Configure(EntityTypeBuilder<ReservationLine> builder)
    {
        builder.ToTable(table => table.HasCheckConstraint("ck_reservation_lines_quantity", "quantity between 1 and 99"));
        builder.HasKey(line => new { line.OrderId, line.Position });
        builder.Property(line => line.Name).HasMaxLength(Product.NameLength);
        builder.Property(line => line.SellerId).HasMaxLength(Product.SellerLength);
        builder.Property(line => line.UnitPrice).HasPrecision(12, 2);
        builder.Property(line => line.Currency).HasMaxLength(3);
    }
}
