using System.Net;
using Microsoft.AspNetCore.Http;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>HEAD through the gateway: wherever GET is a route, and never with a body.</summary>
public sealed class HeadTests : IAsyncLifetime
{
    private const string Id = "0198f000-0000-7000-8000-000000000001";

    private GatewayHost host = null!;
    private string method = "";

    public static TheoryData<string, string> Paths => new MatrixTheoryData<string, string>(
        ["1.1", "2.0"],
        [
            .. RouteTable.All.Where(route => route.Origin == Origin.Shop && route.Methods.Contains("GET")).Select(route => route.Path.Replace("{id:guid}", Id, StringComparison.Ordinal)),
            "/api/catalog/products?status=204", "/api/catalog/products?status=304", "/api/catalog/products?status=302", "/api/catalog/products?status=400",
            "/api/catalog/products?status=404", "/api/catalog/products?status=409", "/api/catalog/products?status=503", "/api/catalog/products?abort=true",
            $"/api/orders/{Id}/cancel", "/nothing", "/health/live", "/api//orders", "/api/orders/%2F", $"/api/catalog/products?q={new string('x', 4200)}",
        ]);

    public async ValueTask InitializeAsync() => host = await GatewayHost.StartAsync(async (_, context) =>
    {
        method = context.Request.Method;
        if (context.Request.Query.ContainsKey("abort"))
            context.Abort();
        context.Response.Headers.ETag = "\"1\"";
        if (context.Request.Query["status"] is [{ } status])
            context.Response.StatusCode = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
        else if (HttpMethods.IsGet(method))
            await context.Response.WriteAsJsonAsync("some text", TestContext.Current.CancellationToken);
        else
            context.Response.ContentType = "application/json; charset=utf-8";
    });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Paths))]
    [Trait("Practice", "P19")]
    public async Task Head_answers_as_get_does_and_without_a_body(string version, string path)
    {
        foreach (var token in (string?[])[null, "forged", TestTokens.Create(path.Split('/', '?') is [_, _, { } service, ..] ? service : "x", "adam", Scope.All, Role.All)])
        {
            Assert.Empty(await HeadCheck.DifferencesAsync(
                host.Shop,
                method => new(method, path) { Headers = { Authorization = token is null ? null : new("Bearer", token) } },
                Version.Parse(version),
                TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("/api/catalog/products", 200)]
    [InlineData("/api/catalog/products?status=404", 404)]
    [InlineData("/api/catalog/products?abort=true", 502)]
    [InlineData("/api/orders", 401)]
    [InlineData("/nothing", 404)]
    [InlineData("/api//orders", 400)]
    [InlineData($"/api/orders/{Id}/cancel", 405)]
    [Trait("Practice", "P19")]
    public async Task Not_one_byte_follows_the_headers(string path, int status)
    {
        var answer = await RawHttp.SendAsync(host.Shop.BaseAddress!, $"HEAD {path} HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}", TestContext.Current.CancellationToken);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(answer.Length, answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4);
    }

    [Theory]
    [InlineData("head", "/")]
    [InlineData("Head", "/api/catalog/products")]
    [InlineData("get", "/api/catalog/products")]
    [InlineData("pUT", "/nothing")]
    [Trait("Practice", "P19")]
    public async Task A_method_in_small_letters_is_none(string spelling, string path)
    {
        var answer = await RawHttp.SendAsync(
            host.Shop.BaseAddress!, $"{spelling} {path} HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}\r\nContent-Length: 0", TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal("", method);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [Trait("Practice", "P19")]
    public async Task A_foreign_host_gets_a_refusal_without_a_body_too(string version)
        => Assert.Empty(await HeadCheck.DifferencesAsync(
            host.Shop, method => new(method, "/") { Headers = { Host = "evil.example" } }, Version.Parse(version), TestContext.Current.CancellationToken));

    [Fact]
    [Trait("Practice", "P19")]
    public async Task The_service_is_asked_for_the_same()
    {
        using var answer = await host.SendAsync(HttpMethod.Head, "/api/catalog/products");
        Assert.Equal((HttpStatusCode.OK, "HEAD"), (answer.StatusCode, method));
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task Over_a_limit_head_is_refused_without_a_body()
    {
        await using var limited = await GatewayHost.StartAsync(settings: TestLimits.Of("address_read", 1));
        limited.Clock.Stop();
        foreach (var (version, status) in new[] { ("1.1", HttpStatusCode.OK), ("1.1", HttpStatusCode.TooManyRequests), ("2.0", HttpStatusCode.TooManyRequests) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, "/api/catalog/products") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await limited.Shop.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }
}
