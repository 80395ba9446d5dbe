using System.Globalization;
using System.Net;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

public sealed class CorsTests(SharedGateway gateway, CorsTests.OddServices odd) : IClassFixture<SharedGateway>, IClassFixture<CorsTests.OddServices>
{
    private readonly GatewayHost host = gateway.Host;

    [Theory]
    [InlineData("https://localhost:7443")]
    [InlineData("https://partner.example")]
    [Trait("Practice", "P26")]
    public async Task A_listed_origin_may_read_answers_and_never_with_cookies(string origin)
    {
        using var preflight = await PreflightAsync(origin);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(origin, Allowed(preflight));
        Assert.Equal("600", preflight.Headers.GetValues("Access-Control-Max-Age").Single());
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.DoesNotContain("*", string.Join(' ', preflight.Headers.SelectMany(header => header.Value)), StringComparison.Ordinal);

        using var answer = await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", origin));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(origin, Allowed(answer));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("http://partner.example")]
    [InlineData("https://partner.example:8443")]
    [InlineData("https://partner.example.evil.example")]
    [InlineData("https://evilpartner.example")]
    [InlineData("https://x.partner.example")]
    [InlineData("https://partner.example/")]
    [InlineData("https://partner.example@evil.example")]
    [InlineData("https://partnerXexample")]
    [InlineData("https://partner.example:443")]
    [InlineData("https://PARTNER.example")]
    [InlineData("https://partner.example.")]
    [InlineData("https://partner.example%00.evil.example")]
    [InlineData("https://partner.example, https://evil.example")]
    [InlineData("https://evil.example https://partner.example")]
    [InlineData("https://partner-example")]
    [InlineData("https://xn--partner-example")]
    [InlineData("partner.example")]
    [InlineData("//partner.example")]
    [InlineData("file://")]
    [InlineData("chrome-extension://partner.example")]
    [InlineData("https://localhost:7444")]
    [InlineData("https://localhost")]
    [Trait("Practice", "P26")]
    public async Task Any_other_origin_gets_no_permission(string origin)
    {
        using var preflight = await PreflightAsync(origin);
        Assert.Null(Allowed(preflight));
        using var answer = await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", origin));
        Assert.Null(Allowed(answer));
    }

    [Fact]
    [Trait("Practice", "P26")]
    [Trait("Practice", "P35")]
    public async Task Each_environment_has_a_list_of_its_own()
    {
        await using var other = await GatewayHost.StartAsync(settings: [("Cors:Origins:0", "https://partner.test"), ("Cors:Origins:1", "https://second.test")]);
        foreach (var (origin, allowed) in new[] { ("https://partner.test", true), ("https://second.test", true), ("https://partner.example", false), ("https://localhost:7443", true) })
        {
            using var answer = await other.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", origin));
            Assert.Equal(allowed ? origin : null, Allowed(answer));
        }
    }

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("http://partner.example")]
    [InlineData("https://*.example")]
    [InlineData("https://partner.example/")]
    [InlineData("https://partner.example/path")]
    [InlineData("https://user@partner.example")]
    [Trait("Practice", "P26")]
    public async Task What_is_no_https_origin_stops_the_start(string origin)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => GatewayHost.StartAsync(settings: ("Cors:Origins:0", origin)));
        Assert.Contains("Set Cors__Origins__0 and so on to https origins", failure.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, int> Refusals => new()
    {
        { "path", 400 },
        { "header", 400 },
        { "no token", 401 },
        { "scope", 403 },
        { "unknown path", 404 },
        { "internal path", 404 },
        { "method", 405 },
        { "options without a preflight", 405 },
        { "body", 413 },
        { "body in chunks", 413 },
        { "url", 414 },
        { "headers", 431 },
        { "many headers", 431 },
        { "service: 400", 400 },
        { "service: 404", 404 },
        { "service: 409", 409 },
        { "service: 412", 412 },
        { "service: 422", 422 },
        { "service: 429", 429 },
        { "service: 500", 500 },
        { "service: 503", 503 },
        { "service: away", 502 },
        { "served", 200 },
        { "not modified", 304 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    [Trait("Practice", "P26")]
    public async Task Whatever_comes_a_listed_page_may_read_it_and_no_other_may_and_caches_tell_them_apart(string kind, int status)
    {
        foreach (var (origin, allowed) in new[] { ("https://partner.example", true), ("https://evil.example", false), (null, false) })
        {
            using var answer = await SendAsync(odd.Host, kind, origin);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(allowed ? origin : null, Allowed(answer));
            Assert.Single(Vary(answer), "Origin");
            Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Expose-Headers", out var exposed) && exposed.Single().Contains("Retry-After", StringComparison.Ordinal));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    [Trait("Practice", "P26")]
    public async Task Without_the_issuers_keys_a_listed_page_reads_the_503()
    {
        await using var lost = await GatewayHost.StartAsync(settings: ("services:identity:https:0", "https://localhost:1"));
        using var answer = await lost.SendAsync(HttpMethod.Get, "/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersRead]), null, ("Origin", "https://partner.example"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "https://partner.example"), (answer.StatusCode, Allowed(answer)));
    }

    [Theory]
    [InlineData("Accept-Encoding", "Accept-Encoding, Origin")]
    [InlineData("origin", "origin")]
    [InlineData("Accept, ORIGIN", "Accept, ORIGIN")]
    [Trait("Practice", "P26")]
    public async Task What_else_a_service_varies_by_is_kept(string vary, string expected)
    {
        await using var varying = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.Headers.Vary = vary;
            return Task.CompletedTask;
        });
        foreach (var origin in new[] { "https://partner.example", "https://evil.example" })
        {
            using var answer = await varying.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", origin));
            Assert.Equal(expected, string.Join(", ", answer.Headers.Vary));
        }
    }

    [Theory]
    [InlineData("/api/catalog/products")]
    [InlineData("/api/orders")]
    [InlineData("/nothing")]
    [InlineData("/health/ready")]
    [InlineData("/api/catalog/a%252fb")]
    [InlineData("/api//catalog")]
    [Trait("Practice", "P26")]
    public async Task Preflights_neither_count_nor_are_refused_and_the_call_says_what_is_wrong(string path)
    {
        await using var limited = await GatewayHost.StartAsync(settings: [.. TestLimits.Of("address_read", 3), .. TestLimits.Of("address_write", 3)]);
        limited.Clock.Stop();
        (string, string)[] asks = [("Origin", "https://partner.example"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization")];
        for (var time = 0; time < 5; time++)
        {
            for (var more = 0; more < 5; more++)
            {
                using var preflight = await limited.SendAsync(HttpMethod.Options, path, headers: asks);
                Assert.Equal((HttpStatusCode.NoContent, "https://partner.example"), (preflight.StatusCode, Allowed(preflight)));
                Assert.Contains("Authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.OrdinalIgnoreCase);
                Assert.Equal("nosniff", preflight.Headers.GetValues("X-Content-Type-Options").Single());
            }

            using var answer = await limited.SendAsync(HttpMethod.Get, path, headers: ("Origin", "https://partner.example"));
            Assert.Equal("https://partner.example", Allowed(answer));
            Assert.Equal(time >= 3, answer.StatusCode == HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task Preflights_of_other_pages_and_over_other_doors_are_refused_and_count()
    {
        await using var limited = await GatewayHost.StartAsync(settings: TestLimits.Of("address_read", 6));
        limited.Clock.Stop();
        (string, string)[] asks = [("Origin", "https://partner.example"), ("Access-Control-Request-Method", "GET")];
        for (var time = 0; time < 3; time++)
        {
            using var foreign = await limited.SendAsync(HttpMethod.Options, "/api/catalog/products", headers: [("Origin", "https://evil.example"), asks[1]]);
            Assert.Null(Allowed(foreign));
            Assert.False(foreign.IsSuccessStatusCode);
            using var misdirected = await limited.SendAsync(HttpMethod.Options, "/api/catalog/products", headers: [.. asks, ("Host", "evil.example")]);
            Assert.Equal((HttpStatusCode.MisdirectedRequest, null), (misdirected.StatusCode, Allowed(misdirected)));
        }

        using var plain = await GatewayHost.SendAsync(limited.Plain, HttpMethod.Options, "/api/catalog/products", headers: [.. asks, ("Host", GatewayFactory.ShopHost)]);
        Assert.Equal((HttpStatusCode.TooManyRequests, null), (plain.StatusCode, Allowed(plain)));
        await limited.PassAsync(TimeSpan.FromHours(1));
        using var clear = await GatewayHost.SendAsync(limited.Plain, HttpMethod.Options, "/api/catalog/products", headers: [.. asks, ("Host", GatewayFactory.ShopHost)]);
        Assert.Equal((HttpStatusCode.Forbidden, null), (clear.StatusCode, Allowed(clear)));
    }

    [Fact]
    [Trait("Practice", "P26")]
    public async Task A_service_cannot_give_permissions_of_its_own()
    {
        await using var generous = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlAllowCredentials = "true";
            context.Response.Headers.AccessControlExposeHeaders = "*";
            context.Response.Headers["Access-Control-Allow-Private-Network"] = "true";
            return Task.CompletedTask;
        });
        using var answer = await generous.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", "https://evil.example"));
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayHost host, string kind, string? origin)
    {
        (string, string)[] headers = origin is null ? [] : [("Origin", origin)];
        var alice = TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]);
        Task<HttpResponseMessage> GetAsync(string path, params (string, string)[] more) => host.SendAsync(HttpMethod.Get, path, headers: [.. headers, .. more]);
        Task<HttpResponseMessage> PostAsync(bool chunked)
            => host.SendAsync(
                HttpMethod.Post, "/api/orders", alice, new ByteArrayContent(new byte[70_000]), [.. headers, .. chunked ? [("Transfer-Encoding", "chunked")] : (IEnumerable<(string, string)>)[("Expect", "100-continue")]]);
        return await (kind switch
        {
            "path" => GetAsync("/api/catalog/a%252fb"),
            "header" => GetAsync("/api/catalog/products", ("X-Name", "a\u007fb")),
            "no token" => GetAsync("/api/orders"),
            "scope" => host.SendAsync(HttpMethod.Get, "/api/orders", alice, null, headers),
            "unknown path" => GetAsync("/nothing"),
            "internal path" => GetAsync("/health/ready"),
            "method" => host.SendAsync(HttpMethod.Put, "/api/catalog/products", headers: headers),
            "options without a preflight" => host.SendAsync(HttpMethod.Options, "/api/catalog/products", headers: headers),
            "body" => PostAsync(chunked: false),
            "body in chunks" => PostAsync(chunked: true),
            "url" => GetAsync("/api/catalog/products?q=" + new string('x', 4200)),
            "headers" => GetAsync("/api/catalog/products", ("X-Large", new string('x', 20_000))),
            "many headers" => GetAsync("/api/catalog/products", [.. Enumerable.Range(0, 70).Select(number => ($"X-{number}", "x"))]),
            "served" => GetAsync("/api/catalog/products"),
            "not modified" => GetAsync("/api/catalog/products?status=304"),
            _ => GetAsync($"/api/catalog/products?status={kind["service: ".Length..]}"),
        });
    }

    private static IEnumerable<string> Vary(HttpResponseMessage answer) => answer.Headers.Vary.Where(name => name.Equals("Origin", StringComparison.OrdinalIgnoreCase));

    private Task<HttpResponseMessage> PreflightAsync(string origin) => host.SendAsync(
        HttpMethod.Options, "/api/catalog/products", null, null, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));

    private static string? Allowed(HttpResponseMessage answer)
        => answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;

    /// <summary>A gateway before services that answer as the query says.</summary>
    public sealed class OddServices : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await GatewayHost.StartAsync(async (_, context) =>
        {
            if (context.Request.Query["status"] == "away")
                context.Abort();
            else if (context.Request.Query["status"] is [{ } status])
                context.Response.StatusCode = int.Parse(status, CultureInfo.InvariantCulture);
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
