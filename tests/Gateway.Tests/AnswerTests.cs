using System.Net;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>What goes out: headers for browsers, nothing about the inside, and problems when an upstream fails.</summary>
public sealed class AnswerTests
{
    [Fact]
    [Trait("Practice", "P20")]
    [Trait("Practice", "P32")]
    public async Task Every_answer_carries_the_security_headers_and_none_of_the_services_marks()
    {
        await using var host = await GatewayHost.StartAsync((_, context) =>
        {
            foreach (var mark in new[] { "Server", "X-Powered-By", "Via", "X-AspNet-Version" })
                context.Response.Headers[mark] = "canary";
            context.Response.Headers.SetCookie = "canary=1";
            return Task.CompletedTask;
        });
        foreach (var path in new[] { "/api/catalog/products", "/nothing", "/api/orders" })
        {
            using var answer = await host.GetAsync(path);
            Assert.Equal("max-age=31536000; includeSubDomains", Value(answer, "Strict-Transport-Security"));
            Assert.Equal("nosniff", Value(answer, "X-Content-Type-Options"));
            Assert.Equal("no-referrer", Value(answer, "Referrer-Policy"));
            Assert.Equal("DENY", Value(answer, "X-Frame-Options"));
            Assert.StartsWith("default-src 'none'; frame-ancestors 'none'", Value(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.DoesNotContain("canary", answer.Headers.ToString(), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task The_identity_servers_own_policy_and_cookies_are_kept()
    {
        await using var host = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; script-src 'nonce-abc'";
            context.Response.Headers.SetCookie = "__Host-session=1; Secure; Path=/";
            return Task.CompletedTask;
        });
        using var page = await host.Identity.GetAsync("/account/login", TestContext.Current.CancellationToken);
        Assert.Equal("default-src 'self'; script-src 'nonce-abc'", Value(page, "Content-Security-Policy"));
        Assert.Equal("__Host-session=1; Secure; Path=/", Value(page, "Set-Cookie"));
        Assert.Equal("nosniff", Value(page, "X-Content-Type-Options"));
    }

    [Fact]
    [Trait("Practice", "P32")]
    [Trait("Practice", "P38")]
    public async Task A_service_that_is_gone_is_a_502_and_the_others_go_on()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.StopCatalogAsync();
        using var gone = await host.GetAsync("/api/catalog/products");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadGateway, gone);
        using var orders = await host.GetAsync("/api/orders", TestTokens.Create("orders", "alice", ["orders.read"]));
        Assert.Equal(HttpStatusCode.OK, orders.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P32")]
    public async Task A_service_that_breaks_off_is_a_502()
    {
        await using var host = await GatewayHost.StartAsync((_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var answer = await host.GetAsync("/api/catalog/products");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadGateway, answer);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(503)]
    [Trait("Practice", "P32")]
    public async Task A_bare_error_of_a_service_becomes_a_problem(int status)
    {
        await using var host = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var answer = await host.GetAsync("/api/catalog/products");
        await ProblemAssert.IsProblemAsync((HttpStatusCode)status, answer);
    }

    [Fact]
    [Trait("Practice", "P39")]
    public async Task A_services_redirect_is_handed_on_and_not_followed()
    {
        await using var host = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.Redirect("https://evil.example/");
            return Task.CompletedTask;
        });
        using var answer = await host.GetAsync("/api/catalog/products");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Without_the_issuers_keys_tokens_are_refused_with_503_and_guests_are_served()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("services:identity:https:0", "https://localhost:1"));
        using var guest = await host.GetAsync("/api/catalog/products");
        Assert.Equal(HttpStatusCode.OK, guest.StatusCode);
        using var token = await host.GetAsync("/api/catalog/products", TestTokens.Create("catalog", "alice", ["catalog.read"]));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, token);
    }

    private static string Value(HttpResponseMessage answer, string header) => string.Join(", ", answer.Headers.GetValues(header));
}
