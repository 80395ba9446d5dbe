using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace SecureShop.Orders.Data;

/// <summary>Lets <c>dotnet ef</c> see the model without starting the service or a database (docs/migrations.md).</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<OrdersDbContext>
{
    public OrdersDbContext CreateDbContext(string[] args)
        => new(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
