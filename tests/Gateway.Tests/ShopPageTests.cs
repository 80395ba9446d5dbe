using System.Net;
using SecureShop.Gateway.Routes;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>The pages of the shop's origin, and the ways to them.</summary>
public sealed class ShopPageTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private readonly GatewayHost host = gateway.Host;

    [Theory]
    [InlineData(ErrorPageTests.Browser)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    public async Task The_root_is_a_page_with_links(string accept)
    {
        using var answer = await GatewayHost.SendAsync(host.Shop, HttpMethod.Get, "/?utm_source=x", headers: ("Accept", accept));
        var text = await ErrorPageTests.IsPageAsync(answer, 200);
        foreach (var link in new[] { "/docs", "/status", "https://localhost:7444/account/login", "https://localhost:7444/", "/api/catalog/products?limit=10" })
            Assert.Contains($"href=\"{link}\"", text, StringComparison.Ordinal);
        foreach (var link in new[] { "/docs", "/status", "/api/catalog/products?limit=10" })
        {
            using var there = await host.GetAsync(link);
            Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        }
    }

    [Fact]
    public async Task The_apis_page_names_every_route_and_what_it_needs()
    {
        using var answer = await host.GetAsync("/docs");
        var text = await ErrorPageTests.IsPageAsync(answer, 200);
        foreach (var route in RouteTable.All.Where(route => route.Origin == Origin.Shop))
        {
            Assert.Contains($"<dt><code>{route.Methods[0]} {route.Path.Replace(":guid", "", StringComparison.Ordinal)}</code></dt>", text, StringComparison.Ordinal);
            Assert.Contains(route.Rule.Scope is { } scope ? $"<code>{scope}</code>" : route.Rule.Reason!, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("@identity", text, StringComparison.Ordinal);
        Assert.DoesNotContain("reservations", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_page_says_who_answers_and_asks_them_no_more_often_than_every_few_seconds()
    {
        var asked = 0;
        await using var own = await GatewayHost.StartAsync((service, context) =>
        {
            Assert.Equal("/health/ready", context.Request.Path);
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = service == "orders" ? 503 : 200;
            return Task.CompletedTask;
        });
        own.Clock.Stop();
        await own.StopCatalogAsync();
        foreach (var line in (string[])["<dt>Catalog</dt><dd>does not answer</dd>", "<dt>Identity</dt><dd>answers</dd>", "<dt>Orders</dt><dd>does not answer</dd>"])
        {
            using var answer = await own.GetAsync("/status");
            Assert.Contains(line, await ErrorPageTests.IsPageAsync(answer, 200), StringComparison.Ordinal);
        }

        Assert.Equal(2, asked);
        own.Clock.Advance(TimeSpan.FromSeconds(6));
        (await own.GetAsync("/status")).Dispose();
        Assert.Equal(4, asked);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/status")]
    [Trait("Practice", "P19")]
    public async Task A_page_answers_get_and_head_alone_and_on_the_shops_origin_alone(string path)
    {
        foreach (var version in (string[])["1.1", "2.0"])
            Assert.Empty(await HeadCheck.DifferencesAsync(host.Shop, method => new(method, path), Version.Parse(version), TestContext.Current.CancellationToken));
        using var put = await host.SendAsync(HttpMethod.Put, path);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.MethodNotAllowed, put);
        Assert.Equal("GET, HEAD", string.Join(", ", put.Content.Headers.Allow));

        // There the identity server has its own.
        using var identity = await host.Identity.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal("application/json", identity.Content.Headers.ContentType?.MediaType);
        using var health = await host.Health.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, health.StatusCode);
    }

    [Theory]
    [InlineData("/account/login", "https://localhost:7444/account/login")]
    [InlineData("/ACCOUNT/register?returnUrl=%2Fx", "https://localhost:7444/ACCOUNT/register?returnUrl=%2Fx")]
    [InlineData("/connect/authorize?client_id=mobile", "https://localhost:7444/connect/authorize?client_id=mobile")]
    [InlineData("/connect/endsession", "https://localhost:7444/connect/endsession")]
    [InlineData("/.well-known/openid-configuration", "https://localhost:7444/.well-known/openid-configuration")]
    [InlineData("/error", "https://localhost:7444/error")]
    [InlineData("/accounts", "https://localhost:7443/accounts")]
    [InlineData("/", "https://localhost:7443/")]
    [InlineData("/docs", "https://localhost:7443/docs")]
    [Trait("Practice", "P20")]
    public async Task Over_plain_http_a_page_is_sent_to_the_origin_that_has_it(string path, string location)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            foreach (var forged in new[] { "localhost:7080", "evil.example" })
            {
                using var answer = await GatewayHost.SendAsync(host.Plain, method, path, headers: [("Accept", ErrorPageTests.Browser), ("Host", forged)]);
                Assert.Equal((HttpStatusCode.PermanentRedirect, location), (answer.StatusCode, answer.Headers.Location?.OriginalString));
            }
        }
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task Where_the_origins_have_names_of_their_own_the_name_decides()
    {
        await using var named = await GatewayHost.StartAsync(settings: [("Shop:Origin", "https://shop.example"), ("Identity:Issuer", "https://id.example")]);
        foreach (var (name, path, location) in new[]
        {
            ("id.example", "/", "https://id.example/"),
            ("id.example", "/docs", "https://id.example/docs"),
            ("shop.example", "/account/login", "https://shop.example/account/login"),
            ("evil.example", "/docs", "https://shop.example/docs"),
        })
        {
            using var answer = await GatewayHost.SendAsync(named.Plain, HttpMethod.Get, path, headers: [("Accept", "text/html"), ("Host", name)]);
            Assert.Equal((HttpStatusCode.PermanentRedirect, location), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        }
    }

    [Theory]
    [InlineData("text/html;q=0, */*")]
    [InlineData("application/json, text/html;q=0.1")]
    [Trait("Practice", "P20")]
    public async Task Who_does_not_want_a_page_is_refused_over_plain_http(string accept)
    {
        using var answer = await GatewayHost.SendAsync(host.Plain, HttpMethod.Get, "/account/login", headers: ("Accept", accept));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, answer);
    }
}
