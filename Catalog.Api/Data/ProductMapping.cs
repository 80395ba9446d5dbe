using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace SecureShop.Catalog.Data;

/// <summary>
/// Table <c>products</c>. The database repeats the bounds of the requests, so that a forgotten check cannot store
/// a negative stock or price.
/// </summary>
internal sealed class ProductMapping : IEntityTypeConfiguration<Product>
{
    /// <summary>The words of name and description, kept by Postgres itself; searched, never read.</summary>
    public const string Search = "Search";

    /// <summary>The dictionary of the full-text search.</summary>
    public const string Dictionary = "english";

    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("products", table =>
        {
            table.HasCheckConstraint("ck_products_stock", "stock between 0 and 1000000");
            table.HasCheckConstraint("ck_products_price", "price > 0");
            table.HasCheckConstraint("ck_products_cost", "cost >= 0");
            table.HasCheckConstraint("ck_products_currency", "currency ~ '^[A-Z]{3}$'");
        });
        builder.HasKey(product => product.Id).HasName("pk_products");

        builder.Property(product => product.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(product => product.SellerId).HasColumnName("seller_id").HasMaxLength(Product.SellerLength);
        builder.Property(product => product.Name).HasColumnName("name").HasMaxLength(Product.NameLength);
        builder.Property(product => product.Description).HasColumnName("description").HasMaxLength(Product.DescriptionLength);
        builder.Property(product => product.CategoryId).HasColumnName("category_id").HasMaxLength(Category.IdLength);
        builder.Property(product => product.Price).HasColumnName("price").HasPrecision(12, 2);
        builder.Property(product => product.Currency).HasColumnName("currency").HasMaxLength(3);
        builder.Property(product => product.Cost).HasColumnName("cost").HasPrecision(12, 2);
        builder.Property(product => product.Supplier).HasColumnName("supplier").HasMaxLength(Product.SupplierLength);
        builder.Property(product => product.Stock).HasColumnName("stock");
        builder.Property(product => product.Published).HasColumnName("published");
        builder.Property(product => product.CreatedAt).HasColumnName("created_at");
        builder.Property(product => product.UpdatedAt).HasColumnName("updated_at");
        builder.Property(product => product.Version).IsRowVersion();

        builder.Property<NpgsqlTsVector>(Search).HasColumnName("search")
            .IsGeneratedTsVectorColumn(Dictionary, nameof(Product.Name), nameof(Product.Description));

        builder.HasOne<Category>().WithMany().HasForeignKey(product => product.CategoryId)
            .HasConstraintName("fk_products_category").OnDelete(DeleteBehavior.Restrict);

        builder.HasIndex(Search).HasMethod("gin").HasDatabaseName("ix_products_search");
        builder.HasIndex(product => new { product.Price, product.Id }).HasDatabaseName("ix_products_price");
        builder.HasIndex(product => new { product.Name, product.Id }).HasDatabaseName("ix_products_name");
        builder.HasIndex(product => new { product.CategoryId, product.Id }).HasDatabaseName("ix_products_category");
        builder.HasIndex(product => new { product.SellerId, product.Id }).HasDatabaseName("ix_products_seller");
    }
}
