using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.Testing;
using StackExchange.Redis;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What a Redis that is dead, deaf or slow costs those who ask it.</summary>
public sealed class ShopRedisTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Practice", "P38")]
    public async Task One_that_dies_costs_a_call_a_second_at_most_and_the_next_ones_nothing()
    {
        var server = new RedisFixture();
        await server.InitializeAsync();
        await using var services = Build(server.ConnectionString);
        var redis = services.GetRequiredService<ShopRedis>();
        await AnswersAsync(redis);

        await server.DisposeAsync();
        await CostsLittleAsync(redis);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Practice", "P38")]
    public async Task One_that_was_never_there_costs_a_call_a_second_at_most_and_the_next_ones_nothing(bool listens)
    {
        using var deaf = Deaf(listens, out var address);
        await using var services = Build(address);
        await CostsLittleAsync(services.GetRequiredService<ShopRedis>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Practice", "P38")]
    public async Task A_service_starts_without_one(bool listens)
    {
        using var deaf = Deaf(listens, out var address);
        await using var services = Build(address);
        await StartAsync(services).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_service_that_has_started_is_connected()
    {
        var server = new RedisFixture();
        await server.InitializeAsync();
        await using var services = Build(server.ConnectionString);
        await StartAsync(services);
        Assert.True(services.GetRequiredService<IConnectionMultiplexer>().IsConnected);
        await server.DisposeAsync();
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task What_breaks_with_the_connection_is_an_outage_and_what_the_caller_ends_is_none()
    {
        var server = new RedisFixture();
        await server.InitializeAsync();
        await using var services = Build(server.ConnectionString);
        var redis = services.GetRequiredService<ShopRedis>();
        await AnswersAsync(redis);

        // As the client ends what is under way when Redis freezes and its connection is given up.
        static Task<int> BreakAsync(IDatabase database) => Task.FromCanceled<int>(new(canceled: true));
        Assert.True(ShopRedis.IsOutage(await Assert.ThrowsAsync<RedisConnectionException>(() => redis.AskAnywayAsync(BreakAsync, Cancellation))));
        await Assert.ThrowsAsync<RedisConnectionException>(() => redis.RunAsync("PING", BreakAsync, Cancellation));
        Assert.True(redis.IsResting);

        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.AskAnywayAsync(BreakAsync, ended.Token));
        await server.DisposeAsync();
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task One_that_hangs_is_left_alone_for_a_while_and_then_tried_by_one()
    {
        var server = new RedisFixture();
        await server.InitializeAsync();
        await using var services = Build(server.ConnectionString);
        var redis = services.GetRequiredService<ShopRedis>();
        await AnswersAsync(redis);

        var tries = 0;
        var never = new TaskCompletionSource<TimeSpan>();
        Task<TimeSpan> HangAsync() => redis.RunAsync(
            "PING",
            _ =>
            {
                Interlocked.Increment(ref tries);
                return never.Task;
            },
            Cancellation);
        await Assert.ThrowsAsync<TimeoutException>(HangAsync);
        for (var call = 0; call < 20; call++)
            await Assert.ThrowsAsync<RedisConnectionException>(HangAsync);
        Assert.Equal(1, tries);

        clock.Advance(TimeSpan.FromSeconds(6));
        var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await Record.ExceptionAsync(HangAsync)));
        Assert.Single(failures.OfType<TimeoutException>());
        Assert.Equal(2, tries);

        clock.Advance(TimeSpan.FromSeconds(6));
        await AnswersAsync(redis);
        await AnswersAsync(redis);
        await server.DisposeAsync();
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task Its_certificate_is_verified()
    {
        var server = new RedisFixture();
        await server.InitializeAsync();
        await using var distrustful = Build(server.ConnectionString, trusted: false);
        await Assert.ThrowsAnyAsync<RedisException>(() => PingAsync(distrustful.GetRequiredService<ShopRedis>()));
        await server.DisposeAsync();
    }

    // Accepts (the kernel does) and never says a word; or refuses.
    private static TcpListener Deaf(bool listens, out string address)
    {
        var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        address = $"localhost:{((IPEndPoint)deaf.LocalEndpoint).Port},ssl=true";
        if (!listens)
            deaf.Stop();
        return deaf;
    }

    // Within the bounds that tell "once" from "each time" on any machine: a hundred waits would be most of a minute.
    private static async Task CostsLittleAsync(ShopRedis redis)
    {
        var started = TimeProvider.System.GetTimestamp();
        var first = await Record.ExceptionAsync(() => PingAsync(redis));
        Assert.True(first is RedisException or TimeoutException, first?.ToString());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, Patience);

        started = TimeProvider.System.GetTimestamp();
        for (var call = 0; call < 100; call++)
            await Assert.ThrowsAsync<RedisConnectionException>(() => PingAsync(redis));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, Patience);
    }

    // Other tests load the machine: a wait that ran out is asked again.
    [Fact]
    public void Without_an_address_nothing_starts()
        => Assert.Contains("Set ConnectionStrings__redis", Assert.Throws<InvalidOperationException>(() => Build("")).Message, StringComparison.Ordinal);

    private async Task AnswersAsync(ShopRedis redis)
    {
        while (await Record.ExceptionAsync(() => PingAsync(redis)) is not null)
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        }
    }

    private static async Task StartAsync(ServiceProvider services)
    {
        foreach (var part in services.GetServices<IHostedService>())
            await part.StartAsync(Cancellation);
    }

    private static Task<TimeSpan> PingAsync(ShopRedis redis) => redis.RunAsync("PING", database => database.PingAsync(), Cancellation);

    private ServiceProvider Build(string connection, bool trusted = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", connection)]);
        if (trusted)
            builder.Configuration.AddInMemoryCollection([new("Services:TrustedRoots", TestCertificate.RootFile)]);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddShopRedis();
        return builder.Services.BuildServiceProvider();
    }
}
