using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>The gateway behind an ingress that ends TLS: two host names, plain http, and who a request comes from.</summary>
[Trait("Practice", "P28")]
public sealed class IngressTests : IClassFixture<BehindIngress>
{
    private readonly Ingress ingress;
    private readonly GatewayHost host;

    public IngressTests(BehindIngress behind)
    {
        Assert.SkipUnless(Ingress.IsPossible, Ingress.Needs);
        (ingress, host) = (behind.Ingress, behind.Gateway);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2, "203.0.113.{0}")]
    [InlineData(3, "203.0.113.{0}, 100.64.0.{0}, 127.77.0.{0}")]
    [InlineData(4, "203.0.113.{0}", "198.51.100.{0}")]
    [InlineData(5, "203.0.113.{0}:4711")]
    [InlineData(6, "[2001:db8:0:{0}::1]:443, 2001:db8:0:{0}::2")]
    [InlineData(7, "unknown{0}, _hidden, for=203.0.113.7, 999.1.1.{0}")]
    [InlineData(8, ", ,{0},")]
    [InlineData(9, "127.0.0.{0}")]
    [Trait("Practice", "P27")]
    public async Task The_limit_counts_the_caller_whatever_it_claims(int caller, params string[] claims)
    {
        using var client = ingress.Client(BehindIngress.Shop, $"127.10.0.{caller}");
        var statuses = new List<HttpStatusCode>();
        for (var number = 1; number <= BehindIngress.Limit + 3; number++)
        {
            using var answer = await GatewayHost.SendAsync(
                client, HttpMethod.Get, "/api/catalog/products", headers: [.. claims.Select(claim => ("X-Forwarded-For", string.Format(claim, number)))]);
            statuses.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.OK)
                Assert.Equal($"127.10.0.{caller}", (await EchoAsync(answer)).Headers.Single(header => header.Key.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase)).Value);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, BehindIngress.Limit), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 3)], statuses);

        using var other = ingress.Client(BehindIngress.Shop, $"127.11.0.{caller}");
        using var served = await other.GetAsync("/api/catalog/products", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task An_open_quote_that_swallows_the_ingress_word_gets_nothing()
    {
        using var client = ingress.Client(BehindIngress.Shop, "127.10.1.1");
        using var answer = await GatewayHost.SendAsync(client, HttpMethod.Get, "/api/catalog/products", headers: ("X-Forwarded-For", "\"203.0.113.7"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task Over_plain_http_a_page_is_redirected_and_a_call_refused()
    {
        using var plain = ingress.Client(BehindIngress.Shop, "127.10.2.1", plain: true);
        using var page = await GatewayHost.SendAsync(plain, HttpMethod.Get, "/products?q=a", headers: [("Accept", "text/html"), ("X-Forwarded-Proto", "https")]);
        Assert.Equal(HttpStatusCode.PermanentRedirect, page.StatusCode);
        Assert.Equal($"https://{BehindIngress.Shop}/products?q=a", page.Headers.Location?.OriginalString);

        using var call = await GatewayHost.SendAsync(plain, HttpMethod.Get, "/api/catalog/products", headers: ("X-Forwarded-Proto", "https"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, call);

        using var safe = ingress.Client(BehindIngress.Shop, "127.10.2.1");
        using var served = await GatewayHost.SendAsync(safe, HttpMethod.Get, "/api/catalog/products", headers: ("X-Forwarded-Proto", "http"));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.True(served.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task The_host_name_decides_between_the_two_origins_and_no_other_is_answered()
    {
        using var shop = ingress.Client(BehindIngress.Shop, "127.10.3.1");
        using var identity = ingress.Client(BehindIngress.Identity, "127.10.3.1");
        using var foreign = ingress.Client(BehindIngress.Foreign, "127.10.3.2");
        Assert.Equal((HttpStatusCode.OK, "identity"), await ServedByAsync(identity, "/account/login"));
        Assert.Equal((HttpStatusCode.NotFound, null), await ServedByAsync(shop, "/account/login"));
        Assert.Equal((HttpStatusCode.OK, "catalog"), await ServedByAsync(shop, "/api/catalog/products"));
        Assert.Equal((HttpStatusCode.NotFound, null), await ServedByAsync(shop, "/health/ready"));
        Assert.Equal((HttpStatusCode.MisdirectedRequest, null), await ServedByAsync(foreign, "/account/login"));
        Assert.Equal((HttpStatusCode.MisdirectedRequest, null), await ServedByAsync(foreign, "/account/login", ("X-Forwarded-Host", BehindIngress.Identity)));
    }

    [Theory]
    [InlineData("/api/catalog/products")]
    [InlineData("/")]
    [Trait("Practice", "P20")]
    public async Task Who_goes_around_the_ingress_is_not_believed(string path)
    {
        using var answer = await GatewayHost.SendAsync(host.Plain, HttpMethod.Get, path, headers:
        [
            ("Host", BehindIngress.Shop), ("Accept", "text/html"), ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"),
            ("Forwarded", "for=203.0.113.9;proto=https"),
        ]);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var refused = host.Events.From("127.0.0.1")[^1];
        Assert.Equal((2003, RefusalReason.PlainHttp), (refused.Id, refused["Reason"]));
        Assert.Empty(host.Events.From("203.0.113.9"));
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task Before_an_ingress_of_an_unknown_network_all_is_refused_and_the_log_says_why_once()
    {
        await using var lost = await BehindIngress.StartAsync(ingress, "lost", ("Proxies:Networks", "10.0.0.0/8"));
        using var client = ingress.Client("lost", "127.10.4.1");
        for (var time = 0; time < 3; time++)
        {
            using var call = await client.GetAsync("/api/catalog/products", TestContext.Current.CancellationToken);
            using var page = await GatewayHost.SendAsync(client, HttpMethod.Get, "/", headers: ("Accept", "text/html"));
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (call.StatusCode, page.StatusCode));
        }

        var told = Assert.Single(lost.Log.All, entry => entry.Id == 1131);
        Assert.Contains("Proxies__Networks", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task A_service_behind_an_ingress_is_asked_for_by_its_own_name()
    {
        await using var inner = await Ingress.StartAsync(Ingress.Inside(1), Ingress.Inside(2));
        await using var catalog = await new LoopbackServer(app => app.Run(GatewayHost.EchoAsync), plain: true).StartAsync();
        inner.Route(Ingress.Inside(1), catalog.Address);
        await using var gateway = await BehindIngress.StartAsync(
            ingress, "two.example", ("Services:TrustedRoots", inner.TrustedRoots), ("services:catalog:https:0", inner.Address(Ingress.Inside(1)).AbsoluteUri));
        using var client = ingress.Client("two.example", "127.10.5.1");
        var echo = await client.GetFromJsonAsync<Echo>("/api/catalog/products", TestContext.Current.CancellationToken);
        Assert.Equal(inner.Address(Ingress.Inside(1)).Authority, echo!.Headers["Host"]);
        Assert.Equal("127.10.5.1,127.0.0.1", echo.Headers["X-Forwarded-For"]);
    }

    private static async Task<(HttpStatusCode Status, string? Service)> ServedByAsync(HttpClient client, string path, params (string, string)[] headers)
    {
        using var answer = await GatewayHost.SendAsync(client, HttpMethod.Get, path, headers: headers);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? (await EchoAsync(answer)).Service : null);
    }

    private static async Task<Echo> EchoAsync(HttpResponseMessage answer)
        => (await answer.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken))!;
}
