using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Catalog.Categories;

/// <summary>Table <c>categories</c>, with its rows: the shelves come with the schema.</summary>
internal sealed class CategoryMapping : IEntityTypeConfiguration<Category>
{
    public void Configure(EntityTypeBuilder<Category> builder)
    {
        builder.Property(category => category.Id).HasMaxLength(Category.IdLength);
        builder.Property(category => category.Name).HasMaxLength(80);
        builder.HasData(
            new Category { Id = "audio", Name = "Audio" },
            new Category { Id = "bags", Name = "Bags and travel" },
            new Category { Id = "books", Name = "Books and paper" },
            new Category { Id = "clothing", Name = "Clothing" },
            new Category { Id = "cycling", Name = "Cycling" },
            new Category { Id = "furniture", Name = "Furniture" },
            new Category { Id = "garden", Name = "Garden" },
            new Category { Id = "kitchen", Name = "Kitchen" },
            new Category { Id = "lighting", Name = "Lighting" },
            new Category { Id = "office", Name = "Office" },
            new Category { Id = "outdoor", Name = "Outdoor" },
            new Category { Id = "pets", Name = "Pets" },
            new Category { Id = "tools", Name = "Tools" },
            new Category { Id = "toys", Name = "Toys and games" });
    }
}
