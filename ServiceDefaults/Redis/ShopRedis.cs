using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults;

/// <summary>
/// Redis for what cannot do without an answer soon: a dead one costs a call a second at most, and the calls after it nothing, because
/// for a while only one of them tries. StackExchange.Redis alone fails fast when a connection broke, but not when a server hangs.
/// </summary>
public sealed class ShopRedis(IServiceProvider services, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<IConnectionMultiplexer>? connecting;
    private long closedUntil;

    /// <summary>Runs <paramref name="command"/>, in a span named after <paramref name="operation"/>.</summary>
    /// <exception cref="RedisException">Redis does not answer, or did not a moment ago.</exception>
    /// <exception cref="TimeoutException">Redis took too long.</exception>
    public async Task<T> RunAsync<T>(string operation, Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        if (!TryEnter())
            throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, "Redis did not answer a moment ago.");
        try
        {
            var result = await RedisSpan.TraceAsync(
                operation,
                async () =>
                {
                    var connection = await Connecting().WaitAsync(Patience, cancellationToken);
                    return (connection, connection.GetEndPoints().FirstOrDefault());
                },
                connection => command(connection.GetDatabase()).WaitAsync(Patience, cancellationToken));
            Volatile.Write(ref closedUntil, 0);
            return result;
        }
        catch (Exception failure) when (failure is RedisConnectionException or TimeoutException)
        {
            Volatile.Write(ref closedUntil, clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency));
            throw;
        }
    }

    /// <summary>Whether this call may try: any while all is well, and one after each pause while it is not.</summary>
    private bool TryEnter()
    {
        var until = Volatile.Read(ref closedUntil);
        var now = clock.GetTimestamp();
        return until == 0
            || (now >= until && Interlocked.CompareExchange(ref closedUntil, now + (long)(Pause.TotalSeconds * clock.TimestampFrequency), until) == until);
    }

    /// <summary>The first connection blocks when Redis is away, so it is made beside the calls.</summary>
    private Task<IConnectionMultiplexer> Connecting()
    {
        lock (gate)
        {
            if (connecting is null or { IsFaulted: true } or { IsCanceled: true })
                connecting = Task.Run(services.GetRequiredService<IConnectionMultiplexer>);
            return connecting;
        }
    }
}
