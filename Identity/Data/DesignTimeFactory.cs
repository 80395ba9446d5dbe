using Microsoft.EntityFrameworkCore.Design;

namespace SecureShop.Identity.Data;

/// <summary>Lets <c>dotnet ef</c> write migrations without starting the service. It never connects.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<IdentityDbContext>
{
    public IdentityDbContext CreateDbContext(string[] args)
        => new(new DbContextOptionsBuilder<IdentityDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
