using System.Data.Common;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.Testing;
using StackExchange.Redis;

namespace SecureShop.Catalog.Tests;

/// <summary>The cache as it is registered, over a real Redis that goes away, and over one that never answers.</summary>
[Trait("Practice", "P38")]
public sealed class CategoryCacheTests(CatalogHost host) : IDisposable
{
    // Less than the five seconds that its client waits for a Redis by itself, and enough for a machine that is busy with other tests.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(4);

    /// <summary>Disposed at the end, because a cache closes the connection that it was given.</summary>
    private readonly List<Running> replicas = [];

    [Fact]
    public async Task Replicas_share_one_count_pass_over_rubbish_and_serve_on_when_Redis_is_gone()
    {
        var redis = new RedisFixture();
        await redis.InitializeAsync();
        using var trusting = Trusting(redis, "500");
        var connection = trusting.Services.GetRequiredService<IConnectionMultiplexer>();
        using var patient = Trusting(redis, "10000");
        var stored = patient.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

        await EventuallyAsync(async () =>
        {
            // Other tests load the machine: where a wait ran out, the next one writes.
            var first = Replica(connection);
            await ReadAsync(first);
            return await stored.KeyExistsAsync("catalog:categories:v2");
        });
        Assert.InRange((await stored.KeyTimeToLiveAsync("catalog:categories:v2"))!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(25));
        await EventuallyAsync(async () =>
        {
            var second = Replica(connection);
            await ReadAsync(second);
            return second.Queries == 0;
        });

        await stored.HashSetAsync("catalog:categories:v2", "data", "{not ours");
        var third = Replica(connection);
        await ReadAsync(third);
        Assert.Equal(1, third.Queries);

        await redis.DisposeAsync();
        await EventuallyAsync(() => Task.FromResult(!connection.IsConnected));
        var last = Replica(connection);
        Assert.InRange(await ReadAsync(last, times: 20), TimeSpan.Zero, Short);
        Assert.Equal(1, last.Queries);
        Assert.InRange(last.Complaints, 1, 4);
    }

    [Fact]
    public async Task A_Redis_that_never_answers_costs_the_first_caller_a_moment_and_the_next_nothing()
    {
        await ReadAsync(Replica("127.0.0.1:1")); // EF Core builds its model on first use.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var replica = Replica($"{silent.LocalEndpoint}");

        Assert.InRange(await ReadAsync(replica), TimeSpan.Zero, Short);
        Assert.InRange(await ReadAsync(replica, times: 20), TimeSpan.Zero, Short);
    }

    [Fact]
    public async Task Callers_who_come_together_share_one_query()
    {
        var replica = Replica("127.0.0.1:1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => ReadAsync(replica))));
        Assert.Equal(50, answers.Length);
        Assert.Equal(1, replica.Queries);
    }

    public void Dispose() => replicas.ForEach(replica => replica.Dispose());

    private static async Task<TimeSpan> ReadAsync(Running replica, int times = 1)
    {
        var started = Stopwatch.GetTimestamp();
        for (var time = 0; time < times; time++)
            Assert.Equal(14, (await replica.Counts.ReadAsync(TestContext.Current.CancellationToken)).Length);
        return Stopwatch.GetElapsedTime(started);
    }

    private static IHost Trusting(RedisFixture redis, string timeout)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = redis.ConnectionString;
        builder.Configuration["Services:TrustedRoots"] = redis.AuthorityPath;
        builder.Configuration["Redis:TimeoutMilliseconds"] = timeout;
        builder.AddShopRedis();
        return builder.Build();
    }

    private Running Replica(string redis) => Replica(builder => builder.Configuration["ConnectionStrings:redis"] = redis);

    private Running Replica(IConnectionMultiplexer redis) => Replica(builder => builder.Services.AddSingleton(redis));

    /// <summary>A replica with an empty memory.</summary>
    private Running Replica(Action<HostApplicationBuilder> configure)
    {
        var watch = new Watch();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:redis"] = "127.0.0.1:1";
        builder.Logging.AddProvider(watch);
        builder.Services.AddDbContext<CatalogDbContext>(options => options
            .UseNpgsql(host.AdminConnection).UseSnakeCaseNamingConvention().AddInterceptors(watch));
        builder.AddCategoryCache();
        configure(builder);
        var replica = new Running(builder.Build(), watch);
        replicas.Add(replica);
        return replica;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
    }

    private sealed class Running(IHost application, Watch watch) : IDisposable
    {
        public CategoryCounts Counts { get; } = application.Services.GetRequiredService<CategoryCounts>();

        public int Queries => Volatile.Read(ref watch.Queries);

        public int Complaints => Volatile.Read(ref watch.Complaints);

        public void Dispose() => application.Dispose();
    }

    /// <summary>Counts what is asked of Postgres, and what the cache complains of.</summary>
    private sealed class Watch : DbCommandInterceptor, ILoggerProvider, ILogger
    {
        public int Queries;
        public int Complaints;

        public override ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref Queries);
            return ValueTask.FromResult(result);
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Interlocked.Increment(ref Complaints);

        public void Dispose()
        {
        }
    }
}
