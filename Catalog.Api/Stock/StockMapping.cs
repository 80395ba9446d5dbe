using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.Catalog.Products;

namespace SecureShop.Catalog.Stock;

/// <summary>Table <c>stock</c>, a row for each product or each of its variants. The bounds are the database's too: whatever the code forgets, nothing is sold that is not there.</summary>
internal sealed class StockMapping : IEntityTypeConfiguration<StockLevel>
{
    public void Configure(EntityTypeBuilder<StockLevel> builder)
    {
        builder.ToTable(table => table.HasCheckConstraint("ck_stock_quantity", $"quantity between 0 and {StockLevel.Max}"));
        builder.HasKey(stock => new { stock.ProductId, stock.VariantId });
        builder.Property(stock => stock.ProductId).ValueGeneratedNever();
        builder.Property(stock => stock.VariantId).ValueGeneratedNever().HasDefaultValue(Guid.Empty);
        builder.Property(stock => stock.SellerId).HasMaxLength(Product.SellerLength);
        builder.Property(stock => stock.Version).HasDefaultValue(1);

        // By the seller too, so that row-level security can go by this table alone.
        builder.HasOne<Product>().WithMany()
            .HasForeignKey(stock => new { stock.SellerId, stock.ProductId })
            .HasPrincipalKey(product => new { product.SellerId, product.Id })
            .HasConstraintName("fk_stock_product").OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(stock => new { stock.SellerId, stock.ProductId }).HasDatabaseName("ix_stock_seller");
    }
}
