using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Catalog.Data;

/// <summary>Table <c>reservations</c>.</summary>
internal sealed class ReservationMapping : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> builder)
    {
        builder.ToTable("reservations");
        builder.HasKey(reservation => reservation.OrderId).HasName("pk_reservations");
        builder.Property(reservation => reservation.OrderId).HasColumnName("order_id").ValueGeneratedNever();
        builder.Property(reservation => reservation.CreatedAt).HasColumnName("created_at");
        builder.Property(reservation => reservation.ReleasedAt).HasColumnName("released_at");
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
        builder.ToTable("reservation_lines", table =>
            table.HasCheckConstraint("ck_reservation_lines_quantity", "quantity between 1 and 99"));
        builder.HasKey(line => new { line.OrderId, line.Position }).HasName("pk_reservation_lines");
        builder.Property(line => line.OrderId).HasColumnName("order_id");
        builder.Property(line => line.Position).HasColumnName("position");
        builder.Property(line => line.ProductId).HasColumnName("product_id");
        builder.Property(line => line.Name).HasColumnName("name").HasMaxLength(Product.NameLength);
        builder.Property(line => line.SellerId).HasColumnName("seller_id").HasMaxLength(Product.SellerLength);
        builder.Property(line => line.Quantity).HasColumnName("quantity");
        builder.Property(line => line.UnitPrice).HasColumnName("unit_price").HasPrecision(12, 2);
        builder.Property(line => line.Currency).HasColumnName("currency").HasMaxLength(3);
    }
}
