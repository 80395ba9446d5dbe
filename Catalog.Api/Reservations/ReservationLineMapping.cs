using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Variants;

namespace SecureShop.Catalog.Reservations;

/// <summary>
/// Table <c>reservation_lines</c>. It has no foreign key to <c>products</c>: a seller may delete a product that was sold.
/// </summary>
internal sealed class ReservationLineMapping : IEntityTypeConfiguration<ReservationLine>
{
    public void Configure(EntityTypeBuilder<ReservationLine> builder)
    {
        builder.ToTable(table => table.HasCheckConstraint("ck_reservation_lines_quantity", "quantity between 1 and 99"));
        builder.HasKey(line => new { line.OrderId, line.Position });
        builder.Property(line => line.Name).HasMaxLength(ProductVariant.BoughtLength);
        builder.Property(line => line.SellerId).HasMaxLength(Product.SellerLength);
        builder.Property(line => line.UnitPrice).HasPrecision(12, 2);
        builder.Property(line => line.Currency).HasMaxLength(3);

        // A seller's sales, newest first, whatever others sold and whatever came back.
        builder.HasIndex(line => new { line.SellerId, line.SoldAt, line.OrderId, line.Position })
            .HasDatabaseName("ix_reservation_lines_sales").HasFilter("sold_at is not null");
    }
}
