using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>What limits do while Redis is away, and that they come back by themselves.</summary>
public sealed class LimitOutageTests : IAsyncLifetime
{
    // For what takes a second or two on a machine that has nothing else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestServers servers = new();
    private RedisServer redis = null!;
    private CutLine line = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        redis = await servers.StartRedisAsync(Cancellation);
        line = new CutLine(redis.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await line.DisposeAsync();
        await redis.DisposeAsync();
        servers.Dispose();
    }

    [Fact]
    [Trait("Practice", "P27")]
    [Trait("Practice", "P38")]
    public async Task Without_Redis_each_replica_admits_its_share_and_tries_no_credential()
    {
        await using var host = await StartAsync(TestLimits.Of("address_read", 20));
        var statuses = await ManyAsync(30, _ => host.GetAsync("/nothing"));
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.NotFound));
        Assert.Equal(25, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
        using var refused = await host.GetAsync("/nothing");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.TooManyRequests, refused);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(12));

        foreach (var path in (string[])["/account/login", "/connect/token"])
        {
            using var unknown = await GatewayHost.SendAsync(host.Identity, HttpMethod.Post, path, content: new StringContent("x"));
            await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, unknown);
            Assert.NotNull(unknown.Headers.RetryAfter?.Delta);
        }

        Assert.Single(host.Events.All, one => one.Id == 2004);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_Redis_that_says_nothing_costs_one_request_a_second_and_the_next_ones_nothing()
    {
        // Connections are taken (by the kernel), and no word is said.
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        line.Mend(((IPEndPoint)deaf.LocalEndpoint).Port);
        await using var host = await StartAsync(("Redis:TimeoutMilliseconds", "2000"));
        var began = TimeProvider.System.GetTimestamp();
        using var first = await host.GetAsync("/nothing");
        Assert.Equal(HttpStatusCode.NotFound, first.StatusCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Patience);

        // Waiting for each, a few at a time, would take minutes.
        began = TimeProvider.System.GetTimestamp();
        Assert.All(await ManyAsync(100, _ => host.GetAsync("/nothing")), status => Assert.Equal(HttpStatusCode.NotFound, status));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Patience);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Who_has_used_up_the_limit_gets_no_share_on_top_of_it()
    {
        line.Mend();
        await using var host = await StartAsync(TestLimits.Of("address_read", 20));
        await UntilAsync(async () => await SignInAsync(host) == HttpStatusCode.OK);
        Assert.Contains(HttpStatusCode.TooManyRequests, await ManyAsync(25, _ => host.GetAsync("/nothing")));
        line.Cut();
        await UntilAsync(async () => await SignInAsync(host) == HttpStatusCode.ServiceUnavailable);
        Assert.All(await ManyAsync(10, _ => host.GetAsync("/nothing")), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
    }

    [Fact]
    [Trait("Practice", "P27")]
    [Trait("Practice", "P38")]
    public async Task Redis_stopped_and_started_under_load_costs_nobody_long_and_limits_are_shared_again()
    {
        line.Mend();
        await using var host = await StartAsync(TestLimits.Of("address_read", 1_000_000));
        await UntilAsync(async () => await SignInAsync(host) == HttpStatusCode.OK);
        host.Events.Clear();

        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var (statuses, slowest) = (new ConcurrentDictionary<HttpStatusCode, int>(), 0L);
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var began = TimeProvider.System.GetTimestamp();
                using var answer = await host.GetAsync("/nothing");
                statuses.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
                InterlockedMax(ref slowest, TimeProvider.System.GetElapsedTime(began).Ticks);
            }
        })).ToList();

        await redis.DisposeAsync();
        await UntilAsync(async () => await SignInAsync(host) == HttpStatusCode.ServiceUnavailable);
        redis = await servers.StartRedisAsync(Cancellation);
        line.Cut();
        line.Mend(redis.Port);
        await UntilAsync(async () =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(6));
            return await SignInAsync(host) == HttpStatusCode.OK;
        });
        await done.CancelAsync();
        await Task.WhenAll(load);

        // A connection that is cut is not waited for. What Redis takes long for on a busy machine must not look like that: hence the time-out.
        Assert.Equal([HttpStatusCode.NotFound], statuses.Keys);
        Assert.InRange(TimeSpan.FromTicks(slowest), TimeSpan.Zero, Patience);
        Assert.Equal([2004, 2005], host.Events.All.Where(one => one.Id is 2004 or 2005).Select(one => one.Id));
    }

    private static async Task<HttpStatusCode> SignInAsync(GatewayHost host)
    {
        using var answer = await GatewayHost.SendAsync(host.Identity, HttpMethod.Post, "/account/login", content: new StringContent("x"));
        return answer.StatusCode;
    }

    private static async Task<List<HttpStatusCode>> ManyAsync(int count, Func<int, Task<HttpResponseMessage>> send)
    {
        var statuses = new ConcurrentBag<HttpStatusCode>();
        await Parallel.ForAsync(0, count, Cancellation, async (number, _) =>
        {
            using var answer = await send(number);
            statuses.Add(answer.StatusCode);
        });
        return [.. statuses];
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var before = Volatile.Read(ref most); value > before; before = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, before) == before)
                return;
        }
    }

    private Task<GatewayHost> StartAsync(params (string, string)[] settings) => GatewayHost.StartAsync(settings:
    [
        ("ConnectionStrings:redis", $"localhost:{line.Port},password={servers.Password},ssl=true"), ("Redis:TimeoutMilliseconds", "10000"), .. settings,
    ]);
}
