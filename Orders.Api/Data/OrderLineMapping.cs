using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.Orders.Model;

namespace SecureShop.Orders.Data;

/// <summary>The table <c>orders.order_lines</c>.</summary>
internal sealed class OrderLineMapping : IEntityTypeConfiguration<OrderLine>
{
    public void Configure(EntityTypeBuilder<OrderLine> builder)
    {
        builder.ToTable("order_lines", table => table.HasCheckConstraint("ck_order_lines_quantity", "quantity BETWEEN 1 AND 99"));

        builder.HasKey(line => new { line.OrderId, line.ProductId }).HasName("pk_order_lines");
        builder.Property(line => line.OrderId).HasColumnName("order_id");
        builder.Property(line => line.ProductId).HasColumnName("product_id");
        builder.Property(line => line.Position).HasColumnName("position");
        builder.Property(line => line.Quantity).HasColumnName("quantity");
        builder.Property(line => line.Name).HasColumnName("name").HasMaxLength(200);
        builder.Property(line => line.SellerId).HasColumnName("seller_id").HasMaxLength(64);
        builder.Property(line => line.UnitPrice).HasColumnName("unit_price").HasPrecision(12, 2);
    }
}
