using System.Net;
using Microsoft.AspNetCore.Http;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Overload;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>More is asked than can be done: what is shed, how, and what goes on.</summary>
public sealed class OverloadTests
{
    private const string Read = "/api/catalog/products";
    private const string Search = $"{Read}?q=kettle";

    [Fact]
    [Trait("Practice", "P29")]
    public async Task What_there_is_no_room_for_is_refused_at_once_and_the_rest_goes_on()
    {
        using var slow = new SlowService();
        await using var host = await GatewayHost.StartAsync(slow.AnswerAsync, [.. Shares(permits: 5, reserved: 1, most: 2, queue: 0), ("Overload:Classes:Search:Most", "1"), ("Overload:Classes:Search:Reserved", "0")]);
        var held = new[] { host.GetAsync(Read), host.GetAsync(Read) };
        await slow.ReachedAsync(2);

        for (var time = 0; time < 3; time++)
        {
            using var shed = await host.SendAsync(HttpMethod.Get, Read, headers: ("Origin", "https://partner.example"));
            await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, shed);
            Assert.InRange(shed.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

            // A page must see that it may come back.
            Assert.Equal("https://partner.example", shed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }

        var only = Assert.Single(host.Events.All);
        Assert.Equal((2009, GatewayRefusal.Overload, "Read", "503"), (only.Id, only["Reason"], only["Class"], only["Status"]));
        Assert.Equal(2, slow.Reached);

        // Health, sign-in, tokens and writes have their own.
        using var health = await host.Health.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        var others = new[]
        {
            host.Identity.GetAsync("/account/login", TestContext.Current.CancellationToken),
            host.Identity.PostAsync("/connect/token", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken),
        };
        await slow.ReachedAsync(4);

        // And now all are in use.
        using var late = await host.GetAsync(Search);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        slow.Release();
        foreach (var answer in held.Concat(others))
        {
            using var served = await answer;
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        using var again = await host.GetAsync(Read);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal((0, 0), host.Load);
    }

    [Theory]
    [InlineData("GET", Read, "Read")]
    [InlineData("HEAD", Read, "Read")]
    [InlineData("GET", Search, "Search")]
    [InlineData("GET", "/API/catalog/Products?%71=kettle", "Search")]
    [InlineData("GET", "/api/orders", "Read")]
    [InlineData("POST", "/api/orders", "Write")]
    [InlineData("DELETE", Read, "Write")]
    [InlineData("GET", "/", "Read")]
    [InlineData("GET", "identity/account/login", "SignIn")]
    [InlineData("POST", "identity/account/login", "SignIn")]
    [InlineData("POST", "identity/connect/token", "Token")]
    [Trait("Practice", "P29")]
    public async Task A_class_is_told_by_origin_method_and_address(string method, string path, string expected)
    {
        using var slow = new SlowService();
        await using var host = await GatewayHost.StartAsync(slow.AnswerAsync, Shares(permits: 5, reserved: 0, most: 1, queue: 0));
        var client = path.StartsWith('/') ? host.Shop : host.Identity;
        (HttpClient Client, HttpMethod Method, string Path)[] all =
        [
            (host.Identity, HttpMethod.Get, "/account/login"), (host.Identity, HttpMethod.Post, "/connect/token"), (host.Shop, HttpMethod.Post, "/api/orders"), (host.Shop, HttpMethod.Get, Read), (host.Shop, HttpMethod.Get, Search),
        ];
        var token = TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]);
        var held = new List<Task<HttpResponseMessage>>();
        foreach (var one in all)
        {
            held.Add(GatewayHost.SendAsync(one.Client, one.Method, one.Path, one.Method == HttpMethod.Post && one.Client == host.Shop ? token : null));
            await slow.ReachedAsync(held.Count);
        }

        using var shed = await GatewayHost.SendAsync(client, new(method), path.Replace("identity/", "/", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, shed.StatusCode);
        Assert.Equal(expected, Assert.Single(host.Events.All)["Class"]);
        slow.Release();
        foreach (var answer in await Task.WhenAll(held))
            answer.Dispose();
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Who_waits_is_served_when_there_is_room_and_who_leaves_frees_the_place()
    {
        using var slow = new SlowService();
        await using var host = await GatewayHost.StartAsync(slow.AnswerAsync, [.. Shares(permits: 5, reserved: 1, most: 1, queue: 1), ("Overload:WaitMilliseconds", "5000")]);
        var held = host.GetAsync(Read);
        await slow.ReachedAsync(1);

        using var leaving = new CancellationTokenSource();
        var left = host.Shop.GetAsync(Read, leaving.Token);
        await UntilAsync(() => host.Load.Waiting == 1);
        using var full = await host.GetAsync(Read);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await UntilAsync(() => host.Load.Waiting == 0);

        var waiting = host.GetAsync(Read);
        await UntilAsync(() => host.Load.Waiting == 1);
        slow.Release();
        foreach (var answer in await Task.WhenAll(held, waiting))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answer.Dispose();
        }

        Assert.Equal(2, slow.Reached);
        await UntilAsync(() => host.Load == (0, 0));
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Who_has_asked_too_often_takes_nobodys_place()
    {
        using var slow = new SlowService();
        await using var host = await GatewayHost.StartAsync(slow.AnswerAsync, [.. Shares(permits: 5, reserved: 1, most: 1, queue: 0), .. TestLimits.Of("address_read", 1)]);
        host.Clock.Stop();
        var held = host.GetAsync(Read);
        await slow.ReachedAsync(1);
        using var often = await host.GetAsync(Read);
        Assert.Equal(HttpStatusCode.TooManyRequests, often.StatusCode);
        slow.Release();
        (await held).Dispose();
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task A_service_that_hangs_does_not_hold_what_the_others_need()
    {
        using var slow = new SlowService("catalog");
        await using var host = await GatewayHost.StartAsync(slow.AnswerAsync, ("Overload:PerReplica", "2"));
        var held = new[] { host.GetAsync(Read), host.GetAsync(Read) };
        await slow.ReachedAsync(2);
        using var more = await host.GetAsync(Read);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, more);
        Assert.NotNull(more.Headers.RetryAfter);
        using var other = await host.GetAsync("/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersRead]));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        slow.Release();
        foreach (var answer in await Task.WhenAll(held))
            answer.Dispose();
    }

    [Theory]
    [InlineData("Overload:Permits", "0", "Set Overload__Permits to")]
    [InlineData("Overload:Permits", "50", "Set Overload__Permits to")]
    [InlineData("Overload:WaitMilliseconds", "60000", "Set Overload__WaitMilliseconds to")]
    [InlineData("Overload:PerReplica", "0", "Set Overload__PerReplica to")]
    [InlineData("Overload:Classes:Read:Most", "0", "Set Overload__Classes__Read__Most to")]
    [InlineData("Overload:Classes:Read:Reserved", "150", "Set Overload__Classes__Read__Most to")]
    [InlineData("Overload:Classes:Read:Queue", "-1", "Set Overload__Classes__Read__Most to")]
    [InlineData("Overload:Classes:Cheap:Most", "1", "Set Overload__Classes__Cheap for")]
    [Trait("Practice", "P29")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string value, string named)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => GatewayHost.StartAsync(settings: (setting, value)));
        Assert.Contains(named, failure.ToString(), StringComparison.Ordinal);
    }

    private static (string Key, string Value)[] Shares(int permits, int reserved, int most, int queue) =>
    [
        ("Overload:Permits", $"{permits}"),
        .. Enum.GetNames<LoadClass>().SelectMany(kind => new[]
        {
            ($"Overload:Classes:{kind}:Reserved", $"{reserved}"), ($"Overload:Classes:{kind}:Most", $"{most}"), ($"Overload:Classes:{kind}:Queue", $"{queue}"),
        }),
    ];

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "It did not come about.");
            await Task.Yield();
        }
    }
}

/// <summary>Services of which one, or each, answers when it is told to.</summary>
internal sealed class SlowService(string? slow = null) : IDisposable
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim reached = new(0);
    private int seen, awaited;

    public int Reached => Volatile.Read(ref seen);

    public async Task AnswerAsync(string service, HttpContext context)
    {
        if (slow is not null && slow != service)
            return;
        Interlocked.Increment(ref seen);
        reached.Release();
        await released.Task.WaitAsync(context.RequestAborted);
    }

    /// <summary>Waits until as many requests have come in all.</summary>
    public async Task ReachedAsync(int count)
    {
        for (; awaited < count; awaited++)
            Assert.True(await reached.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    public void Release() => released.TrySetResult();

    public void Dispose() => reached.Dispose();
}
