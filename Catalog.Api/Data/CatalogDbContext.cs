using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Reservations;
using SecureShop.Storage.Audit;

namespace SecureShop.Catalog.Data;

/// <summary>The schema <c>catalog</c>; each entity lies with its mapping in the folder of its feature.</summary>
internal sealed class CatalogDbContext(DbContextOptions<CatalogDbContext> options) : DbContext(options)
{
    /// <summary>The one schema this service has rights on.</summary>
    public const string Schema = "catalog";

    public DbSet<Product> Products => Set<Product>();

    /// <summary>
    /// The published ones, without what is private of them: a view, which no policy of row-level security has to look through, so that
    /// searches go by their index (Database/Policies). For projections alone.
    /// </summary>
    public IQueryable<Product> PublishedProducts => Products.FromSql($"select * from catalog.published_products");

    public DbSet<Category> Categories => Set<Category>();

    public DbSet<Reservation> Reservations => Set<Reservation>();

    public DbSet<ReservationLine> ReservationLines => Set<ReservationLine>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.MapAudit();
        modelBuilder.ApplyConfiguration(new ProductMapping());
        modelBuilder.ApplyConfiguration(new CategoryMapping());
        modelBuilder.ApplyConfiguration(new ReservationMapping());
        modelBuilder.ApplyConfiguration(new ReservationLineMapping());
    }
}
