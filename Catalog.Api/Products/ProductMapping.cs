using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;
using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Variants;

namespace SecureShop.Catalog.Products;

/// <summary>
/// Table <c>products</c>. The database repeats the bounds of the requests, so that a forgotten check cannot store
/// a negative price.
/// </summary>
internal sealed class ProductMapping : IEntityTypeConfiguration<Product>
{
    /// <summary>The words of name and description, kept by Postgres itself; searched, never read.</summary>
    public const string Search = "Search";

    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable(table =>
        {
            table.HasCheckConstraint("ck_products_price", "price > 0");
            table.HasCheckConstraint("ck_products_cost", "cost >= 0");
            table.HasCheckConstraint("ck_products_currency", "currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("ck_products_images", $"cardinality(images) <= {ProductImages.Most}");
            table.HasCheckConstraint("ck_products_variants", $"jsonb_array_length(variants) <= {ProductVariant.Most}");
            table.HasCheckConstraint("ck_products_language", $"language in ({string.Join(", ", ProductSearch.Languages.Select(language => $"'{language}'"))})");
        });

        builder.Property(product => product.Id).ValueGeneratedNever();
        builder.Property(product => product.SellerId).HasMaxLength(Product.SellerLength);
        builder.Property(product => product.Name).HasMaxLength(Product.NameLength);
        builder.Property(product => product.Description).HasMaxLength(Product.DescriptionLength);
        builder.Property(product => product.Language).HasMaxLength(ProductSearch.LanguageLength).HasDefaultValue(ProductSearch.DefaultLanguage);
        builder.Property(product => product.CategoryId).HasMaxLength(Category.IdLength);
        builder.Property(product => product.Price).HasPrecision(12, 2);
        builder.Property(product => product.Currency).HasMaxLength(3);
        builder.Property(product => product.Cost).HasPrecision(12, 2);
        builder.Property(product => product.Supplier).HasMaxLength(Product.SupplierLength);

        builder.Property(product => product.Images).HasDefaultValueSql("'{}'");

        builder.Property(product => product.Variants).HasColumnType("jsonb").HasDefaultValueSql("'[]'").HasConversion(
            variants => ProductVariant.Write(variants),
            text => ProductVariant.Read(text),
            new ValueComparer<ProductVariant[]>((one, other) => one!.SequenceEqual(other!), variants => variants.Length, variants => variants));

        // Not Postgres' own row version (xmin), which counts what the whole cluster writes, for anyone to read in an ETag.
        builder.Property(product => product.Version).HasDefaultValue(1);

        builder.Property<NpgsqlTsVector>(Search).HasComputedColumnSql(ProductSearch.Vector, stored: true);

        builder.HasOne<Category>().WithMany().HasForeignKey(product => product.CategoryId)
            .HasConstraintName("fk_products_category").OnDelete(DeleteBehavior.Restrict);

        builder.HasIndex(Search).HasMethod("gin");
        builder.HasIndex(product => new { product.Price, product.Id }).HasDatabaseName("ix_products_price");
        builder.HasIndex(product => new { product.Name, product.Id }).HasDatabaseName("ix_products_name");
        builder.HasIndex(product => new { product.CategoryId, product.Id }).HasDatabaseName("ix_products_category");

        // A key, and not an index alone, so that what belongs to a product is sure to be of the same seller.
        builder.HasAlternateKey(product => new { product.SellerId, product.Id }).HasName("ux_products_seller");
    }
}
