using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace SecureShop.Catalog.Data;

/// <summary>Lets <c>dotnet ef</c> see the model without starting the service or a database (docs/migrations.md).</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<CatalogDbContext>
{
    public CatalogDbContext CreateDbContext(string[] args)
        => new(new DbContextOptionsBuilder<CatalogDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
