using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Reservations;
using SecureShop.Catalog.Stock;
using SecureShop.Storage.Audit;

namespace SecureShop.Catalog.Data;

/// <summary>The schema <c>catalog</c>; each entity lies with its mapping in the folder of its feature.</summary>
internal sealed class CatalogDbContext(DbContextOptions<CatalogDbContext> options) : DbContext(options)
{
    /// <summary>The one schema this service has rights on.</summary>
    public const string Schema = "catalog";

    public DbSet<Product> Products => Set<Product>();

    public DbSet<StockLevel> Stock => Set<StockLevel>();

    public DbSet<Category> Categories => Set<Category>();

    public DbSet<Reservation> Reservations => Set<Reservation>();

    public DbSet<ReservationLine> ReservationLines => Set<ReservationLine>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.MapAudit();
        modelBuilder.ApplyConfiguration(new ProductMapping());
        modelBuilder.ApplyConfiguration(new StockMapping());
        modelBuilder.ApplyConfiguration(new CategoryMapping());
        modelBuilder.ApplyConfiguration(new ReservationMapping());
        modelBuilder.ApplyConfiguration(new ReservationLineMapping());
    }
}
