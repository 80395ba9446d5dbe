using SecureShop.Gateway.Events;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>What the server refuses before any of our code has its headers and its event all the same.</summary>
public sealed class MalformedRequestTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private const string Host = $"\r\nHost: {GatewayFactory.ShopHost}";

    private readonly GatewayHost host = gateway.Host;

    [Theory]
    [InlineData("GET", 400)]
    [InlineData("GET /", 400)]
    [InlineData("GET / HTTP/9.9" + Host, 505)]
    [InlineData("GET / HTTP/1.1 x" + Host, 400)]
    [InlineData("GET  / HTTP/1.1" + Host, 400)]
    [InlineData("G\u00c9T / HTTP/1.1" + Host, 400)]
    [InlineData("GET /\u00e9 HTTP/1.1" + Host, 400)]
    [InlineData("GET /%00 HTTP/1.1" + Host, 400)]
    [InlineData("GET evil.example HTTP/1.1" + Host, 405)]
    [InlineData("GET * HTTP/1.1" + Host, 405)]
    [InlineData("GET / HTTP/1.1", 400)]
    [InlineData("GET / HTTP/1.1" + Host + Host, 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a b", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: \u00e9", 400)]
    [InlineData("GET / HTTP/1.1" + Host + "\r\nX", 400)]
    [InlineData("GET / HTTP/1.1" + Host + "\r\nX : a", 400)]
    [InlineData("GET / HTTP/1.1" + Host + "\r\nX: a\rb", 400)]
    [InlineData("GET / HTTP/1.1" + Host + "\r\nX: a\r\n b", 400)]
    [InlineData("GET / HTTP/1.1" + Host + "\r\nContent-Length: -1", 400)]
    [InlineData("GET / HTTP/1.1" + Host + "\r\nContent-Length: 1\r\nContent-Length: 2", 400)]
    [InlineData("POST / HTTP/1.1" + Host + "\r\nTransfer-Encoding: gzip", 400)]
    [InlineData("long line", 414)]
    [InlineData("large header", 431)]
    [InlineData("many headers", 431)]
    [Trait("Practice", "P20")]
    [Trait("Practice", "P33")]
    public async Task A_request_that_cannot_be_read_is_refused_with_the_headers_of_every_answer_and_one_event(string request, int status)
    {
        host.Events.Clear();
        request = request switch
        {
            "long line" => $"GET /{new string('x', 20_000)} HTTP/1.1{Host}",
            "large header" => $"GET / HTTP/1.1{Host}\r\nX: {new string('x', 40_000)}",
            "many headers" => $"GET / HTTP/1.1{Host}{string.Concat(Enumerable.Repeat("\r\nX: x", 200))}",
            _ => request,
        };
        var answer = await RawHttp.SendAsync(host.Shop.BaseAddress!, request, TestContext.Current.CancellationToken);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        foreach (var header in new[]
        {
            "Strict-Transport-Security: max-age=31536000; includeSubDomains", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
            "Content-Security-Policy: default-src 'none'; ", "Cross-Origin-Resource-Policy: same-origin", "Permissions-Policy: ",
        })
        {
            Assert.True(answer.Contains($"\r\n{header}", StringComparison.Ordinal), answer);
        }

        Assert.Equal(status == 405, answer.Contains("\r\nAllow: ", StringComparison.Ordinal));
        Assert.DoesNotContain("\r\nServer:", answer, StringComparison.Ordinal);
        var only = Assert.Single(host.Events.All);
        Assert.Equal((2003, GatewayRefusal.RequestShape, "127.0.0.1", $"{status}"), (only.Id, only["Reason"], only["Address"], only["Status"]));

        // Beside one that can be read.
        var good = await RawHttp.SendAsync(host.Shop.BaseAddress!, $"GET /api/catalog/products HTTP/1.1{Host}", TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200 ", good, StringComparison.Ordinal);
        Assert.Single(host.Events.All);
    }
}
