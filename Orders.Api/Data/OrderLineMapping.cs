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

        builder.HasKey(line => new { line.OrderId, line.ProductId });
        builder.Property(line => line.Name).HasMaxLength(200);
        builder.Property(line => line.SellerId).HasMaxLength(64);
        builder.Property(line => line.UnitPrice).HasPrecision(12, 2);
    }
}
