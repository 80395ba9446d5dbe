using System.Net;
using Microsoft.Extensions.Time.Testing;
using SecureShop.Gateway.Limits;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Limits admit exactly what they say, whatever a caller changes about its requests.</summary>
public sealed class LimitTests
{
    [Fact]
    [Trait("Practice", "P27")]
    public async Task Racing_requests_get_exactly_the_limit_and_a_new_window_starts_afresh()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Limits:Read:Address:Burst", "20"));
        host.Clock.Stop();

        var statuses = await ManyAsync(60, number => host.GetAsync("/api/catalog/products"));
        Assert.Equal(20, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(40, statuses.Count(status => status == HttpStatusCode.TooManyRequests));

        using var refused = await host.GetAsync("/api/catalog/products");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.TooManyRequests, refused);
        Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
        Assert.Equal("\"address\";q=20;w=10", refused.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"address\";r=0;t=10", refused.Headers.GetValues("RateLimit").Single());

        host.Clock.Advance(TimeSpan.FromSeconds(10));
        using var served = await host.GetAsync("/api/catalog/products");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("\"address\";r=19;t=10", served.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task Nothing_that_a_caller_changes_gives_it_more()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Limits:Read:Address:Burst", "10"));
        host.Clock.Stop();
        string[] paths = ["/api/catalog/products", "/API/Catalog/PRODUCTS", "/api/catalog/%70roducts", "/api/catalog/products?x=1", "/api/catalog/products/", "/nothing", "/api/catalog/x/../products"];
        var statuses = await ManyAsync(40, number => host.SendAsync(
            HttpMethod.Get,
            paths[number % paths.Length],
            number % 3 == 0 ? ForgedTokens.Create("expired", "catalog", $"user-{number}") : null,
            null,
            ("X-Forwarded-For", $"203.0.113.{number}"),
            ("X-Real-IP", $"203.0.113.{number}"),
            ("Forwarded", $"for=203.0.113.{number}"),
            ("User-Agent", $"agent-{number}")));
        Assert.Equal(30, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task A_principal_has_one_limit_over_all_its_tokens_and_others_keep_theirs()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Limits:Write:Principal:Minute", "5"));
        host.Clock.Stop();
        Task<HttpResponseMessage> PostAsync(string subject) => host.SendAsync(HttpMethod.Post, "/api/orders", TestTokens.Create("orders", subject, [Scope.OrdersWrite]));

        var alice = await ManyAsync(15, _ => PostAsync("alice"));
        Assert.Equal(5, alice.Count(status => status == HttpStatusCode.OK));
        using var refused = await PostAsync("alice");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.TooManyRequests, refused);
        Assert.Equal("\"principal\";q=5;w=60", refused.Headers.GetValues("RateLimit-Policy").Single());

        using var bob = await PostAsync("bob");
        Assert.Equal(HttpStatusCode.OK, bob.StatusCode);
        using var reading = await host.GetAsync("/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersRead]));
        Assert.Equal(HttpStatusCode.OK, reading.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P09")]
    [Trait("Practice", "P27")]
    public async Task Trying_credentials_is_limited_hardest_and_reading_pages_goes_on()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Limits:Credential:Address:Minute", "6"));
        host.Clock.Stop();
        string[] doors = ["/connect/token", "/account/login", "/Connect/Token/"];
        var statuses = await ManyAsync(20, number => GatewayHost.SendAsync(host.Identity, HttpMethod.Post, doors[number % 3], content: new StringContent("guess")));
        Assert.Equal(6, statuses.Count(status => status == HttpStatusCode.OK));
        using var page = await host.Identity.GetAsync("/account/login", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    public static TheoryData<string, int> Refusals => new()
    {
        { "host", 421 },
        { "url", 414 },
        { "path", 400 },
        { "header", 400 },
        { "headers", 431 },
        { "internal path", 404 },
        { "document of identity", 404 },
        { "unknown path", 404 },
        { "method", 405 },
        { "made-up method", 405 },
        { "plain http", 403 },
        { "page over plain http", 308 },
        { "foreign preflight", 405 },
        { "options", 405 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    [Trait("Practice", "P27")]
    public async Task What_is_refused_early_is_limited_like_all_else(string kind, int status)
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Limits:Read:Address:Burst", "4"));
        host.Clock.Stop();
        for (var number = 0; number < 8; number++)
        {
            using var answer = await RefusedAsync(host, kind);
            Assert.Equal(number < 4 ? status : 429, (int)answer.StatusCode);
        }

        // Which is the same limit that its good requests have.
        using var good = await host.GetAsync("/api/catalog/products");
        Assert.Equal(HttpStatusCode.TooManyRequests, good.StatusCode);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        using var served = await host.GetAsync("/api/catalog/products");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/nothing", GatewayFactory.ShopHost, "Write")]
    [InlineData("PUT", "/api/catalog//products", GatewayFactory.ShopHost, "Write")]
    [InlineData("DELETE", "/api/orders", "evil.example", "Write")]
    [InlineData("POST", "/connect//token", GatewayFactory.IdentityHost, "Credential")]
    [InlineData("POST", "/health/ready", GatewayFactory.IdentityHost, "Credential")]
    [InlineData("PUT", "/account/login", GatewayFactory.IdentityHost, "Write")]
    [InlineData("HEAD", "/health/ready", GatewayFactory.IdentityHost, "Read")]
    [Trait("Practice", "P27")]
    public async Task The_class_of_a_refused_request_is_that_of_its_method(string method, string path, string name, string limitClass)
    {
        await using var host = await GatewayHost.StartAsync(settings: ($"Limits:{limitClass}:Address:Burst", "2"));
        host.Clock.Stop();
        for (var number = 0; number < 4; number++)
        {
            using var answer = await host.SendAsync(new HttpMethod(method), path, headers: ("Host", name));
            Assert.Equal(number >= 2, answer.StatusCode == HttpStatusCode.TooManyRequests);
        }

        var hit = Assert.Single(host.Events.All, one => one.Id == 2001);
        Assert.Equal(limitClass, hit["Class"]);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_caller_who_is_refused_all_the_time_leaves_others_their_events()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Clock.Stop();
        _ = await ManyAsync(1_500, _ => host.SendAsync(HttpMethod.Get, "/", headers: ("Host", "evil.example")));
        Assert.InRange(host.Events.All.Count, 100, 1_000);

        host.Events.Clear();
        using var answer = await host.GetAsync("/api/orders", ForgedTokens.Create("payload changed after signing", "orders", "mallory", [Scope.OrdersRead]));
        Assert.Equal(1002, Assert.Single(host.Events.All).Id);
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task Health_is_not_limited()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("Limits:Read:Address:Burst", "1"));
        for (var time = 0; time < 5; time++)
        {
            using var answer = await host.Health.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void Of_two_exhausted_windows_the_one_that_lasts_longer_is_told()
    {
        var clock = new FakeTimeProvider();
        var counter = new RequestCounter(clock);
        var quota = new Quota(2, 3);
        Assert.True(counter.Take("a", quota).Granted);
        Assert.True(counter.Take("a", quota).Granted);
        Assert.Equal(TimeSpan.FromSeconds(10), counter.Take("a", quota).Reset);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(counter.Take("a", quota).Granted);
        var refused = counter.Take("a", quota);
        Assert.Equal((false, 0, TimeSpan.FromSeconds(50)), (refused.Granted, refused.Remaining, refused.Reset));
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.True(counter.Take("a", quota).Granted);
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void A_flood_of_addresses_shares_one_counter_and_does_not_push_out_those_who_were_here()
    {
        var clock = new FakeTimeProvider();
        var counter = new RequestCounter(clock, maxKeys: 3);
        var quota = new Quota(2, 2);
        foreach (var known in new[] { "a", "b", "c" })
            Assert.True(counter.Take(known, quota).Granted);
        Assert.Equal(2, Enumerable.Range(0, 50).Count(number => counter.Take($"flood-{number}", quota).Granted));
        Assert.True(counter.Take("a", quota).Granted);

        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(3, new[] { "x", "y", "z" }.Count(fresh => counter.Take(fresh, quota).Granted && counter.Take(fresh, quota).Granted));
    }

    [Fact]
    [Trait("Practice", "P27")]
    public void Whoever_owns_a_48_is_one_caller_once_the_table_is_full_and_newcomers_from_elsewhere_are_served()
    {
        var counter = new RequestCounter(new FakeTimeProvider(), maxKeys: 1_000);
        var quota = new Quota(2, 2);
        string Key(string address) => $"address|Read|{CallerKey.OfAddress(IPAddress.Parse(address))}";
        Assert.True(counter.Take(Key("203.0.113.7"), quota).Granted);

        var granted = Enumerable.Range(0, 20_000).Count(number => counter.Take(Key($"2001:db8:aaaa:{number:x}::1"), quota).Granted);
        Assert.InRange(granted, 1, 1_002);
        foreach (var newcomer in (string[])["203.0.113.7", "203.0.113.8", "2001:db8:aaab::1", "2a00::1"])
            Assert.True(counter.Take(Key(newcomer), quota).Granted);
        Assert.True(counter.Take("principal|Read|sub:alice", quota).Granted);
        Assert.False(counter.Take(Key("2001:db8:aaaa:ffff::1"), quota).Granted);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::")]
    [Trait("Practice", "P28")]
    public void An_ipv6_network_counts_as_one_address(string address, string key)
        => Assert.Equal(key, CallerKey.OfAddress(IPAddress.Parse(address)));

    private static Task<HttpResponseMessage> RefusedAsync(GatewayHost host, string kind) => kind switch
    {
        "host" => host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Host", "evil.example")),
        "url" => host.GetAsync("/api/catalog/products?q=" + new string('x', 4200)),
        "path" => host.GetAsync("/api/catalog/a%252fb"),
        "header" => host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("X-Name", "a\u007fb")),
        "headers" => host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("X-Large", new string('x', 20_000))),
        "internal path" => host.GetAsync("/health/ready"),
        "document of identity" => host.Identity.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken),
        "unknown path" => host.GetAsync("/nothing"),
        "method" => host.SendAsync(HttpMethod.Trace, "/api/catalog/products"),
        "made-up method" => host.SendAsync(new HttpMethod("STEAL"), "/api/catalog/products"),
        "plain http" => host.Plain.GetAsync("/api/catalog/products", TestContext.Current.CancellationToken),
        "page over plain http" => GatewayHost.SendAsync(host.Plain, HttpMethod.Get, "/", headers: ("Accept", "text/html")),
        "foreign preflight" => host.SendAsync(
            HttpMethod.Options, "/api/catalog/products", headers: [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET")]),
        "options" => host.SendAsync(HttpMethod.Options, "/api/catalog/products"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not known."),
    };

    private static async Task<List<HttpStatusCode>> ManyAsync(int count, Func<int, Task<HttpResponseMessage>> send)
    {
        var statuses = new System.Collections.Concurrent.ConcurrentBag<HttpStatusCode>();
        await Parallel.ForAsync(0, count, async (number, _) =>
        {
            using var answer = await send(number);
            statuses.Add(answer.StatusCode);
        });
        return [.. statuses];
    }
}
