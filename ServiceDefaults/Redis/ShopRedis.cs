using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults;

/// <summary>
/// Redis for what cannot do without an answer soon: a dead one costs a call a second at most, and the calls after it nothing, because
/// for a while only one of them tries. StackExchange.Redis alone fails fast when a connection broke, but not when a server hangs.
/// Each command is a span with the operation and the server, never keys or values.
/// </summary>
public sealed class ShopRedis(IServiceProvider services, TimeProvider clock)
{
    private static readonly ActivitySource Source = new("SecureShop.Redis");
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
        ArgumentNullException.ThrowIfNull(command);
        if (!TryEnter())
            throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, "Redis did not answer a moment ago.");
        using var span = Source.StartActivity(operation, ActivityKind.Client);
        span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation);
        try
        {
            var connection = await Connecting().WaitAsync(Patience, cancellationToken);
            if (span is not null)
                Describe(span, connection.GetEndPoints().FirstOrDefault());
            var result = await command(connection.GetDatabase()).WaitAsync(Patience, cancellationToken);
            Volatile.Write(ref closedUntil, 0);
            return result;
        }
        catch (Exception failure)
        {
            if (failure is RedisConnectionException or TimeoutException)
                Volatile.Write(ref closedUntil, AfterPause());

            // A caller who leaves says nothing about Redis: the next one may try at once.
            else if (Volatile.Read(ref closedUntil) != 0)
                Volatile.Write(ref closedUntil, failure is RedisServerException ? 0 : 1);

            // The kind alone: messages of the client name keys.
            span?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>Whether this call may try: any while all is well, and one after each pause while it is not.</summary>
    private bool TryEnter()
    {
        var until = Volatile.Read(ref closedUntil);
        return until == 0
            || (clock.GetTimestamp() >= until && Interlocked.CompareExchange(ref closedUntil, AfterPause(), until) == until);
    }

    private long AfterPause() => clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency);

    /// <summary>The first connection blocks when Redis is away, so it is made beside the calls.</summary>
    internal Task<IConnectionMultiplexer> Connecting()
    {
        lock (gate)
        {
            if (connecting is null or { IsFaulted: true } or { IsCanceled: true })
                connecting = Task.Run(services.GetRequiredService<IConnectionMultiplexer>);
            return connecting;
        }
    }

    private static void Describe(Activity span, EndPoint? server)
    {
        var (host, port) = server switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => (null, 0),
        };
        if (host is not null)
            span.SetTag("server.address", host).SetTag("server.port", port);
    }
}
