using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Limits;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Limits admit exactly what they say, whatever a caller changes about its requests.</summary>
public sealed class LimitTests
{
    [Fact]
    [Trait("Practice", "P27")]
    public async Task Racing_requests_get_exactly_the_limit_and_one_more_for_each_interval()
    {
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of("address_read", 20));
        host.Clock.Stop();

        var statuses = await ManyAsync(60, number => host.GetAsync("/api/catalog/products"));
        Assert.Equal(20, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(40, statuses.Count(status => status == HttpStatusCode.TooManyRequests));

        // An hour for twenty is three minutes for one.
        using var refused = await host.GetAsync("/api/catalog/products");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.TooManyRequests, refused);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 150, 180);
        Assert.Equal("\"address_read\";q=20;w=3600", refused.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal($"\"address_read\";r=0;t={refused.Headers.RetryAfter.Delta.Value.TotalSeconds}", refused.Headers.GetValues("RateLimit").Single());

        await host.PassAsync(TimeSpan.FromMinutes(3));
        statuses = await ManyAsync(5, number => host.GetAsync("/api/catalog/products"));
        Assert.Single(statuses, status => status == HttpStatusCode.OK);
        await host.PassAsync(TimeSpan.FromHours(1));
        using var served = await host.GetAsync("/api/catalog/products");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("\"address_read\";r=19;t=180", served.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task Who_calls_through_two_replicas_has_one_budget_of_which_all_is_admitted()
    {
        var settings = new[] { ("Limits:Space", Guid.NewGuid().ToString("N")) }.Concat(TestLimits.Of("address_read", 400, window: "1.00:00:00")).ToArray();
        await using var one = await GatewayHost.StartAsync(settings: settings);
        await using var two = await GatewayHost.StartAsync(settings: settings);
        var statuses = await ManyAsync(1_000, number => (number % 2 == 0 ? one : two).GetAsync("/nothing"));
        Assert.Equal(400, statuses.Count(status => status == HttpStatusCode.NotFound));
        Assert.Equal(600, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task What_one_limit_refuses_costs_nothing_at_another()
    {
        await using var host = await GatewayHost.StartAsync(settings: [.. TestLimits.Of("address_write", 10), .. TestLimits.Of("subject_write", 4)]);
        host.Clock.Stop();
        Task<HttpResponseMessage> PostAsync(string subject) => host.SendAsync(HttpMethod.Post, "/api/orders", TestTokens.Create("orders", subject, [Scope.OrdersWrite], [Role.Customer]));

        var alice = await ManyAsync(30, _ => PostAsync("alice"));
        Assert.Equal(4, alice.Count(status => status == HttpStatusCode.OK));
        using var bob = await PostAsync("bob");
        Assert.Equal(HttpStatusCode.OK, bob.StatusCode);
        Assert.Equal("\"address_write\";q=10;w=3600, \"subject_write\";q=4;w=3600", bob.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"address_write\";r=5;t=360, \"subject_write\";r=3;t=900", bob.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task A_class_may_cost_more_than_another()
    {
        (string, string)[] settings = [.. TestLimits.Of("all", 10), ("Limits:Policies:all:Cost:Write", "4")];
        await using var host = await GatewayHost.StartAsync(settings: settings);
        host.Clock.Stop();
        foreach (var (method, status) in new[] { ("POST", 404), ("POST", 404), ("POST", 429), ("GET", 404), ("GET", 404), ("GET", 429) })
        {
            using var answer = await host.SendAsync(new(method), "/nothing");
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task A_program_is_counted_by_its_name_and_people_who_use_it_by_theirs()
    {
        await using var host = await GatewayHost.StartAsync(settings: [.. TestLimits.Of("client_read", 2), .. TestLimits.Of("subject_read", 3)]);
        host.Clock.Stop();
        foreach (var (subject, limit) in new[] { ("test-client", 2), ("alice", 3), ("bob", 3) })
        {
            var statuses = await ManyAsync(8, _ => host.GetAsync("/api/orders", TestTokens.Create("orders", subject, [Scope.OrdersRead])));
            Assert.Equal(limit, statuses.Count(status => status == HttpStatusCode.OK));
        }
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task Nothing_that_a_caller_changes_gives_it_more()
    {
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of("address_read", 10));
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
    [Trait("Practice", "P28")]
    public async Task A_new_connection_is_no_new_caller()
    {
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of("address_read", 3));
        host.Clock.Stop();
        for (var number = 0; number < 6; number++)
        {
            using var client = TestCertificate.Client(host.Shop.BaseAddress!);
            using var answer = await GatewayHost.SendAsync(client, HttpMethod.Get, "/nothing", headers: ("Host", GatewayFactory.ShopHost));
            Assert.Equal(number < 3 ? HttpStatusCode.NotFound : HttpStatusCode.TooManyRequests, answer.StatusCode);
        }
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task Behind_a_proxy_one_IPv6_network_is_one_caller_and_what_the_caller_writes_before_its_address_is_nothing()
    {
        await using var host = await GatewayHost.StartAsync(settings: [("Proxies:Networks", "127.0.0.0/8"), .. TestLimits.Of("address_read", 5)]);
        host.Clock.Stop();
        Task<HttpResponseMessage> FromAsync(string address, int number)
            => host.SendAsync(HttpMethod.Get, "/nothing", headers: [("X-Forwarded-For", $"198.51.100.{number}, {address}"), ("X-Forwarded-Proto", "https")]);

        var one = await ManyAsync(20, number => FromAsync($"2001:db8:1:2:{number:x}::{number:x}", number));
        Assert.Equal(5, one.Count(status => status == HttpStatusCode.NotFound));
        var other = await ManyAsync(20, number => FromAsync($"2001:db8:1:3::{number:x}", number));
        Assert.Equal(5, other.Count(status => status == HttpStatusCode.NotFound));
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task What_is_in_Redis_names_nobody()
    {
        await using var host = await GatewayHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Post, "/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]));
        var names = await GatewayRedis.NamesAsync(host.Space);
        Assert.Equal(2, names.Count);
        Assert.All(names, name => Assert.Matches($"^limits:{{{host.Space}}}:(address|subject)_write:[A-Za-z0-9_-]{{22}}$", name));
    }

    [Theory]
    [InlineData("Limits:Policies:address_read:Permits", "0", "Limits__Policies__address_read__Permits")]
    [InlineData("Limits:Policies:address_read:Window", "00:00:00.5", "Limits__Policies__address_read__Window")]
    [InlineData("Limits:Policies:address_read:Burst", "0", "Limits__Policies__address_read__Burst")]
    [InlineData("Limits:Policies:address_read:Partition", "7", "Limits__Policies__address_read__Partition")]
    [InlineData("Limits:Policies:address_read:Cost:Read", "0", "Limits__Policies__<name>__Cost__Read")]
    [InlineData("Limits:Policies:address_read:Cost:Write", "-1", "Limits__Policies__address_read__Cost__Write")]
    [InlineData("Limits:Policies:address_read:Cost:Reading", "1", "Limits__Policies__address_read__Cost__Reading")]
    [InlineData("Limits:Policies:a \"b\":Permits", "1", "Limits__Policies__a \"b\" under another name")]
    [InlineData("Limits:Replicas", "0", "Limits__Replicas")]
    [InlineData("Limits:Space", "a:b", "Limits__Space")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string value, string named)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayHost.StartAsync(settings: (setting, value)));
        Assert.Contains($"Set {named}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task A_principal_has_one_limit_over_all_its_tokens_and_others_keep_theirs()
    {
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of("subject_write", 5));
        host.Clock.Stop();
        Task<HttpResponseMessage> PostAsync(string subject) => host.SendAsync(HttpMethod.Post, "/api/orders", TestTokens.Create("orders", subject, [Scope.OrdersWrite], [Role.Customer]));

        var alice = await ManyAsync(15, _ => PostAsync("alice"));
        Assert.Equal(5, alice.Count(status => status == HttpStatusCode.OK));
        using var refused = await PostAsync("alice");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.TooManyRequests, refused);
        Assert.Contains("\"subject_write\";q=5;w=3600", refused.Headers.GetValues("RateLimit-Policy").Single(), StringComparison.Ordinal);

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
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of("address_credential", 6));
        host.Clock.Stop();
        string[] doors = ["/account/register", "/account/login", "/Account/%4cogin/"];
        var statuses = await ManyAsync(20, number => GatewayHost.SendAsync(host.Identity, HttpMethod.Post, doors[number % 3], content: new StringContent("guess")));
        Assert.Equal(6, statuses.Count(status => status == HttpStatusCode.OK));
        using var page = await host.Identity.GetAsync("/account/login", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P09")]
    [Trait("Practice", "P28")]
    public async Task Tokens_of_programs_and_sign_ins_of_people_have_budgets_of_their_own()
    {
        await using var host = await GatewayHost.StartAsync(settings: [.. TestLimits.Of("address_credential", 4), .. TestLimits.Of("address_token", 6)]);
        host.Clock.Stop();
        string[] spellings = ["/connect/token", "/Connect/TOKEN/", "/connect/%74oken", "/connect/token?x=1", "/connect/par"];
        var tokens = await ManyAsync(20, number => GatewayHost.SendAsync(host.Identity, HttpMethod.Post, spellings[number % 5], content: new StringContent("x")));
        Assert.Equal(6, tokens.Count(status => status == HttpStatusCode.OK));
        var signIns = await ManyAsync(20, _ => GatewayHost.SendAsync(host.Identity, HttpMethod.Post, "/account/login", content: new StringContent("x")));
        Assert.Equal(4, signIns.Count(status => status == HttpStatusCode.OK));
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
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of("address_read", 4));
        host.Clock.Stop();
        for (var number = 0; number < 8; number++)
        {
            using var answer = await RefusedAsync(host, kind);
            Assert.Equal(number < 4 ? status : 429, (int)answer.StatusCode);
        }

        // Which is the same limit that its good requests have.
        using var good = await host.GetAsync("/api/catalog/products");
        Assert.Equal(HttpStatusCode.TooManyRequests, good.StatusCode);
        await host.PassAsync(TimeSpan.FromHours(1));
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
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of($"address_{limitClass.ToLowerInvariant()}", 2));
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
        await using var host = await GatewayHost.StartAsync(settings: TestLimits.Of("address_read", 1));
        for (var time = 0; time < 5; time++)
        {
            using var answer = await host.Health.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::")]
    [Trait("Practice", "P28")]
    public void An_ipv6_network_counts_as_one_address(string address, string key)
        => Assert.Equal(key, CallerKey.Of(new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } }, Partition.Address));

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
