using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Services;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults.Redis;

/// <summary>Registers Redis.</summary>
public static class ShopRedisExtensions
{
    private const string TimeoutSetting = "Redis:TimeoutMilliseconds";
    private const int DefaultTimeout = 500;

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
        var timeout = TimeSpan.FromMilliseconds(builder.Configuration.GetValue(TimeoutSetting, DefaultTimeout));
        if (timeout < TimeSpan.FromMilliseconds(50) || timeout > TimeSpan.FromSeconds(10))
            throw new InvalidOperationException("Set Redis__TimeoutMilliseconds to 50 to 10000.");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(services => new ShopRedis(services, services.GetRequiredService<TimeProvider>(), timeout));
        builder.Services.AddHostedService<RedisStart>();
        builder.AddRedisClient(
            "redis",
            settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true),
            options => Configure(options, builder.Configuration, timeout));
    }

    private static void Configure(ConfigurationOptions options, IConfiguration configuration, TimeSpan timeout)
    {
        // Neither a start nor a call waits for a connection (ShopRedis), and what is asked of a lost connection fails at once
        // instead of queueing for the next.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectRetry = 1;
        options.ConnectTimeout = 5_000;
        options.AsyncTimeout = options.SyncTimeout = (int)timeout.TotalMilliseconds;
        options.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 250, maxDeltaBackOffMilliseconds: 5_000);

        // Over plain TCP the password itself would travel in the clear.
        if (!options.Ssl)
            throw new InvalidOperationException("Set ConnectionStrings__redis to the address of Redis, with ssl=true: this one is without.");
        options.SslClientAuthenticationOptions = host => Verified(host, configuration);
    }

    private static SslClientAuthenticationOptions Verified(string host, IConfiguration configuration)
    {
        var tls = ServiceConnection.Tls(configuration);
        tls.TargetHost = host;
        return tls;
    }
}

/// <summary>
/// Redis for what cannot do without an answer soon: a dead one costs a call twice the time-out at most (a second), and the calls after it nothing, because
/// for a while only one of them tries. StackExchange.Redis alone fails fast when a connection broke, but not when a server hangs.
/// Each command is a span with the operation and the server, never keys or values.
/// </summary>
public sealed class ShopRedis(IServiceProvider services, TimeProvider clock, TimeSpan timeout)
{
    private static readonly ActivitySource Source = new("SecureShop.Redis");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<IConnectionMultiplexer>? connecting;
    private long closedUntil;

    /// <summary>Whether <paramref name="failure"/> says that Redis cannot be used now; a connection string that cannot be used is told of in this way too.</summary>
    public static bool IsOutage(Exception failure)
        => failure is RedisException or RedisCommandException or TimeoutException or SocketException or InvalidOperationException or ObjectDisposedException;

    /// <summary>Whether a call would not be tried now. For who is asked by every request: to ask this costs less than an exception.</summary>
    public bool IsResting => Volatile.Read(ref closedUntil) is var until && until != 0 && clock.GetTimestamp() < until;

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
            var connection = await AnswerAsync(Connecting(), cancellationToken);
            if (span is not null)
                Describe(span, connection.GetEndPoints().FirstOrDefault());
            var result = await AnswerAsync(command(connection.GetDatabase()), cancellationToken);
            Volatile.Write(ref closedUntil, 0);
            return result;
        }
        catch (Exception failure)
        {
            if (failure is RedisConnectionException or TimeoutException)
                Volatile.Write(ref closedUntil, AfterPause());

            // It has answered. A caller who leaves says nothing about Redis: the next one may try at once.
            else if (failure is RedisServerException)
                Volatile.Write(ref closedUntil, 0);
            else
                LetNextTry();

            // The kind alone: messages of the client name keys.
            span?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>
    /// Runs a command that nobody waits for and that comes again until it succeeds: tried while others rest, which an answer ends, and in
    /// no span, of which there would be one or two a second for ever.
    /// </summary>
    /// <exception cref="RedisException">Redis does not answer.</exception>
    /// <exception cref="TimeoutException">Redis took too long.</exception>
    public async Task<T> AskAnywayAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var connection = await AnswerAsync(Connecting(), cancellationToken);
        var result = await AnswerAsync(command(connection.GetDatabase()), cancellationToken);
        Volatile.Write(ref closedUntil, 0);
        return result;
    }

    /// <summary>
    /// In time. Of what is under way when a connection breaks the client cancels some, although nobody has asked for that: taken for the end of the
    /// service it would stop whoever asks in the background, and with them the process.
    /// </summary>
    private async Task<T> AnswerAsync<T>(Task<T> asked, CancellationToken cancellationToken)
    {
        try
        {
            return await asked.WaitAsync(timeout, cancellationToken);
        }
        catch (OperationCanceledException broken) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RedisConnectionException(ConnectionFailureType.SocketClosed, "The connection broke before Redis had answered.", broken);
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
                connecting = Task.Run(Connect);
            return connecting;
        }
    }

    private IConnectionMultiplexer Connect()
    {
        // Who knows that it is back need not wait for the end of the pause.
        var connection = services.GetRequiredService<IConnectionMultiplexer>();
        connection.ConnectionRestored += (_, _) => LetNextTry();
        return connection;
    }

    private void LetNextTry()
    {
        if (Volatile.Read(ref closedUntil) != 0)
            Volatile.Write(ref closedUntil, 1);
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

/// <summary>
/// Has what the first caller would wait for done before there is one: on a busy machine half a second is not enough to connect, to compile
/// what talks to Redis, and to run a first script there. So much only that a service without Redis starts as well.
/// </summary>
internal sealed class RedisStart(ShopRedis redis) : IHostedService
{
    private const int Tries = 10;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await redis.Connecting().WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            for (var trial = 0; trial < Tries && !await AnswersAsync(connection.GetDatabase()); trial++)
            {
            }
        }
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
        {
            // Whoever asks sees it, and asking begins again.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<bool> AnswersAsync(IDatabase database)
    {
        try
        {
            await database.ScriptEvaluateAsync("return 1");
            return true;
        }
        catch (TimeoutException)
        {
            // It goes on with it, and is the faster the next time.
            return false;
        }
    }
}
