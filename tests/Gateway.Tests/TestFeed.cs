using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.ServiceDefaults.Revocations;

namespace SecureShop.Gateway.Tests;

/// <summary>Tells gateways what has ended, as the identity server does.</summary>
public sealed class TestFeed : IAsyncDisposable
{
    private readonly IHost host;

    private TestFeed(IHost running) => host = running;

    /// <summary>Where it is told.</summary>
    public RevocationFeed Feed => host.Services.GetRequiredService<RevocationFeed>();

    /// <summary>Starts one on the Redis of <paramref name="settings"/>.</summary>
    public static async Task<TestFeed> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddShopRedis();
        builder.AddRevocationFeed(TimeSpan.FromMinutes(5));
        var running = builder.Build();
        await running.StartAsync();
        return new(running);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
