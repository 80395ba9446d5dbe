using System.Text.Json;
using SecureShop.Catalog.Contracts;
using SecureShop.ServiceDefaults;
using StackExchange.Redis;

namespace SecureShop.Catalog.Categories;

/// <summary>
/// Keeps the counts in Redis for half a minute. Redis is a convenience here: when it is slow or away the caller is
/// served from Postgres after a short, bounded wait, and the log says so once per outage.
/// </summary>
internal sealed partial class CategoryCache(IServiceProvider services, TimeProvider clock, ILogger<CategoryCache> logger)
{
    private static readonly RedisKey Key = "catalog:categories:v1";
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>During an outage one request in this time tries Redis; the others do not wait at all.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private Task<IConnectionMultiplexer>? connecting;
    private int away;
    private long nextTry;

    /// <summary>The counts, or null when they are not there or Redis is not.</summary>
    public async Task<IReadOnlyList<CategoryResponse>?> ReadAsync(CancellationToken cancellationToken)
    {
        var value = await TryAsync("GET", redis => redis.StringGetAsync(Key), cancellationToken);
        if (value.IsNullOrEmpty)
            return null;
        try
        {
            return JsonSerializer.Deserialize<CategoryResponse[]>((byte[])value!);
        }
        catch (JsonException)
        {
            // Written by another version: as good as absent.
            return null;
        }
    }

    public async Task WriteAsync(IReadOnlyList<CategoryResponse> categories, CancellationToken cancellationToken)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(categories);
        await TryAsync("SET", redis => redis.StringSetAsync(Key, value, Lifetime), cancellationToken);
    }

    private async Task<T?> TryAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().Ticks;
        if (now < Volatile.Read(ref nextTry))
            return default;

        try
        {
            var result = await RedisSpan.TraceAsync(
                operation,
                async () =>
                {
                    var connection = await Connecting().WaitAsync(Patience, cancellationToken);
                    return (connection, connection.GetEndPoints().FirstOrDefault());
                },
                connection => call(connection.GetDatabase()).WaitAsync(Patience, cancellationToken));
            if (Interlocked.Exchange(ref away, 0) == 1)
                CacheBack();
            return result;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            Volatile.Write(ref nextTry, now + Pause.Ticks);
            if (Interlocked.Exchange(ref away, 1) == 0)
                CacheAway(failure);
            return default;
        }
    }

    /// <summary>The first connection blocks for seconds when Redis is away, so it is made beside the requests.</summary>
    private Task<IConnectionMultiplexer> Connecting()
    {
        lock (gate)
        {
            if (connecting is null or { IsFaulted: true } or { IsCanceled: true })
                connecting = Task.Run(services.GetRequiredService<IConnectionMultiplexer>);
            return connecting;
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "Redis does not answer; categories are counted in Postgres until it does.")]
    private partial void CacheAway(Exception failure);

    [LoggerMessage(3002, LogLevel.Information, "Redis answers again.")]
    private partial void CacheBack();
}

/// <summary>Registers the cache.</summary>
internal static class CategoryCacheExtensions
{
    public static void AddCategoryCache(this IHostApplicationBuilder builder)
    {
        // Not a part of readiness: without Redis the catalog serves all the same.
        builder.AddRedisClient(
            "redis",
            settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true),
            options => options.AbortOnConnectFail = false);
        builder.Services.AddSingleton<CategoryCache>();
    }
}
