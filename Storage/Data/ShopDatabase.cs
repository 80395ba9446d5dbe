using Microsoft.EntityFrameworkCore.Design;
using Npgsql;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Data;

/// <summary>A service's own schema.</summary>
public static class ShopDatabase
{
    /// <summary>
    /// Registers <typeparamref name="TContext"/> on the connection string <paramref name="name"/>, with retries and a health check. Its tables
    /// show what is the caller's (<see cref="CallerSettings"/>), and what has expired in them is tidied away (<see cref="ITidying"/>).
    /// </summary>
    /// <param name="builder">The service's.</param>
    /// <param name="name">Of the connection string.</param>
    /// <param name="prepared">How many statements a connection keeps prepared, where the same few are asked all the time: to plan one takes Postgres longer than to answer it.</param>
    /// <param name="guests">The task of requests whose caller is not known; without one they see what everyone may see.</param>
    public static void AddShopDatabase<TContext>(this IHostApplicationBuilder builder, string name, int prepared = 0, DatabaseTask? guests = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddNpgsqlDbContext<TContext>(
            name,
            settings =>
            {
                // Telemetry is ours.
                (settings.DisableTracing, settings.DisableMetrics) = (true, true);

                // Nor is such a connection reset between its users, which takes seven statements: nobody sets anything for a session, what is set and locked goes with its transaction.
                if (settings.ConnectionString is { Length: > 0 } given && prepared > 0)
                    settings.ConnectionString = new NpgsqlConnectionStringBuilder(given) { MaxAutoPrepare = prepared, NoResetOnClose = true }.ConnectionString;
            },
            options => options.UseSnakeCaseNamingConvention().AddInterceptors(new CallerSettings(guests)));
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddHostedService<Tidying>();
    }
}

/// <summary>Lets <c>dotnet ef</c> see the model without starting the service or a database (docs/migrations.md); each service has one.</summary>
/// <param name="make">The context's constructor.</param>
public abstract class DesignTimeFactory<TContext>(Func<DbContextOptions<TContext>, TContext> make) : IDesignTimeDbContextFactory<TContext>
    where TContext : DbContext
{
    /// <inheritdoc />
    public TContext CreateDbContext(string[] args) => make(new DbContextOptionsBuilder<TContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
