using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace SecureShop.Orders.Data;

/// <summary>For <c>dotnet ef migrations add</c> alone: makes the context without starting the service or asking for a database.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<OrdersDbContext>
{
    public OrdersDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
