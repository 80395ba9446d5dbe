using Microsoft.Extensions.Hosting;

namespace SecureShop.ServiceDefaults.Redis;

/// <summary>Begins to connect when the service starts. On a busy machine the first caller's half second would not be enough for it.</summary>
internal sealed class RedisStart(ShopRedis redis) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Nobody waits: whether it works is seen by whoever asks, and asking begins again.
        _ = redis.Connecting();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
