using Microsoft.Extensions.Caching.StackExchangeRedis;
using StackExchange.Redis;

namespace SecureShop.Catalog.Categories;

/// <summary>Registers the counts and their cache. Redis is a convenience here: without it they are counted in Postgres.</summary>
internal static class CategoryCacheExtensions
{
    public const string Prefix = "catalog:";

    /// <summary>What a request waits for a Redis that is slow or away; once the connection is known to be lost, nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public static void AddCategoryCache(this IHostApplicationBuilder builder)
    {
        // Not a part of readiness: without Redis the catalog serves all the same.
        builder.AddRedisClient(
            "redis",
            settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true),
            BoundWaits);
        builder.Services.AddStackExchangeRedisCache(options => options.InstanceName = Prefix);
        builder.Services.AddOptions<RedisCacheOptions>().Configure<IServiceProvider>(ConnectBesideRequests);
        builder.Services.AddHybridCache();
        builder.Services.AddSingleton<CategoryCounts>();
    }

    /// <summary>Commands fail at once while there is no connection, instead of waiting in line for the next.</summary>
    internal static void BoundWaits(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.AsyncTimeout = (int)Patience.TotalMilliseconds;
    }

    /// <summary>The first connection blocks for seconds when Redis is away, so it is made beside the requests.</summary>
    private static void ConnectBesideRequests(RedisCacheOptions options, IServiceProvider services)
    {
        var connecting = new Lazy<Task<IConnectionMultiplexer>>(() => Task.Run(services.GetRequiredService<IConnectionMultiplexer>));
        options.ConnectionMultiplexerFactory = () => connecting.Value.WaitAsync(Patience);
    }
}
