using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Orders.Orders;

/// <summary>Table <c>order_lines</c>.</summary>
internal sealed class OrderLineMapping : IEntityTypeConfiguration<OrderLine>
{
    public void Configure(EntityTypeBuilder<OrderLine> builder)
    {
        builder.ToTable(table =>
        {
            table.HasCheckConstraint("ck_order_lines_quantity", "quantity between 1 and 99");
            table.HasCheckConstraint("ck_order_lines_delivered", "delivered_at is null or shipped_at is not null");
        });

        builder.HasKey(line => new { line.OrderId, line.ProductId });
        builder.Property(line => line.Name).HasMaxLength(200);
        builder.Property(line => line.SellerId).HasMaxLength(64);
        builder.Property(line => line.UnitPrice).HasPrecision(12, 2);
        builder.HasIndex(line => new { line.SellerId, line.OrderId }).HasDatabaseName("ix_order_lines_seller");
    }
}
