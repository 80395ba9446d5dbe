using System.Net.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults;

/// <summary>Registers Redis.</summary>
public static class ShopRedisExtensions
{
    /// <summary>
    /// Adds the Redis of the connection string <c>redis</c>, and <see cref="ShopRedis"/>. It is no part of readiness: whoever uses it
    /// says what happens without it.
    /// </summary>
    public static void AddShopRedis(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Said at the start: later nobody would notice, because whoever uses Redis goes on without it.
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString("redis")))
            throw new InvalidOperationException("Set ConnectionStrings__redis to the address of Redis, with ssl=true.");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ShopRedis>();
        builder.Services.AddHostedService<RedisStart>();
        builder.AddRedisClient(
            "redis",
            settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true),
            options => Configure(options, builder.Configuration));
    }

    private static void Configure(ConfigurationOptions options, IConfiguration configuration)
    {
        // Neither a start nor a call waits for a connection (ShopRedis), and what is asked of a lost connection fails at once
        // instead of queueing for the next.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectRetry = 1;
        options.ConnectTimeout = 5_000;
        options.AsyncTimeout = options.SyncTimeout = 500;
        options.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 250, maxDeltaBackOffMilliseconds: 5_000);

        // Over plain TCP the password itself would travel in the clear.
        if (!options.Ssl)
            throw new InvalidOperationException("ConnectionStrings__redis must say ssl=true.");
        options.SslClientAuthenticationOptions = host => Verified(host, configuration);
    }

    private static SslClientAuthenticationOptions Verified(string host, IConfiguration configuration)
    {
        var tls = ServiceConnection.Tls(configuration);
        tls.TargetHost = host;
        return tls;
    }
}
