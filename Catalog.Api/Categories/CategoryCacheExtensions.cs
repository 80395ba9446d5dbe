using Microsoft.Extensions.Caching.StackExchangeRedis;
using SecureShop.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace SecureShop.Catalog.Categories;

/// <summary>Registers the counts and their cache. Redis is a convenience here: without it they are counted in Postgres.</summary>
internal static class CategoryCacheExtensions
{
    public const string Prefix = "catalog:";

    /// <summary>What a request waits for the first connection; AddShopRedis bounds the rest.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMilliseconds(250);

    public static void AddCategoryCache(this IHostApplicationBuilder builder)
    {
        builder.AddShopRedis();
        builder.Services.AddStackExchangeRedisCache(options => options.InstanceName = Prefix);
        builder.Services.AddOptions<RedisCacheOptions>().Configure<IServiceProvider>(ConnectBesideRequests);
        builder.Services.AddHybridCache();
        builder.Services.AddSingleton<CategoryCounts>();
    }

    /// <summary>The first connection blocks for seconds when Redis is away, so it is made beside the requests.</summary>
    private static void ConnectBesideRequests(RedisCacheOptions options, IServiceProvider services)
    {
        var connecting = new Lazy<Task<IConnectionMultiplexer>>(() => Task.Run(services.GetRequiredService<IConnectionMultiplexer>));
        options.ConnectionMultiplexerFactory = () => connecting.Value.WaitAsync(ConnectTimeout);
    }
}
