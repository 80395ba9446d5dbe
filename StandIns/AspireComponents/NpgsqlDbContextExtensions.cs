using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SecureShop.StandIns.AspireComponents;

/// <summary>What a service may change about its database connection.</summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The Npgsql connection string; by default <c>ConnectionStrings:{connectionName}</c>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether a failed command is given up at once instead of being tried again.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Whether the context is left out of the health checks.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether the component brings a trace provider of its own; the stand-in never does.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether the component brings a metrics provider of its own; the stand-in never does.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>The longest a command may take, in seconds; Npgsql's 30 where null.</summary>
    public int? CommandTimeout { get; set; }
}

/// <summary>Stands in for <c>Aspire.Npgsql.EntityFrameworkCore.PostgreSQL</c>.</summary>
public static class NpgsqlDbContextExtensions
{
    /// <summary>
    /// Registers a pooled <typeparamref name="TContext"/> on the connection string <paramref name="connectionName"/>,
    /// with retries and a health check named after the context.
    /// </summary>
    /// <exception cref="InvalidOperationException">On first use, when there is no such connection string.</exception>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings
        {
            ConnectionString = builder.Configuration.GetConnectionString(connectionName),
        };
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            var connectionString = settings.ConnectionString ?? throw new InvalidOperationException(
                $"There is no connection string: set ConnectionStrings:{connectionName}.");
            options.UseNpgsql(connectionString, npgsql =>
            {
                if (!settings.DisableRetry)
                    npgsql.EnableRetryOnFailure();
                npgsql.CommandTimeout(settings.CommandTimeout);
            });
            configureDbContextOptions?.Invoke(options);
        });

        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck<TContext>>(typeof(TContext).Name);
    }

    private sealed class DatabaseHealthCheck<TContext>(TContext database) : IHealthCheck
        where TContext : DbContext
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            => await database.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "The database does not answer.");
    }
}
