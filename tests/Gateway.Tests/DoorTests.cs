using System.Net;
using System.Net.Http.Json;
using System.Text;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Plain http, foreign hosts, and requests of another shape.</summary>
public sealed class DoorTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private readonly GatewayHost host = gateway.Host;

    [Theory]
    [InlineData("/", "https://localhost:7443/")]
    [InlineData("/products?q=a%20b", "https://localhost:7443/products?q=a%20b")]
    [InlineData("//evil.example/x", "https://localhost:7443//evil.example/x")]
    [Trait("Practice", "P20")]
    public async Task A_page_over_plain_http_is_sent_to_https(string path, string location)
    {
        foreach (var forged in new[] { "localhost:7080", "evil.example" })
        {
            using var answer = await PlainAsync(HttpMethod.Get, path, ("Accept", "text/html,*/*;q=0.8"), ("Host", forged));
            Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
            Assert.Equal(location, answer.Headers.Location?.OriginalString);
        }
    }

    [Theory]
    [InlineData("GET", "/api/catalog/products", "text/html")]
    [InlineData("GET", "/anything", "application/json")]
    [InlineData("GET", "/anything", "*/*")]
    [InlineData("POST", "/account/login", "text/html")]
    [InlineData("DELETE", "/", "text/html")]
    [Trait("Practice", "P20")]
    public async Task Anything_else_over_plain_http_is_refused(string method, string path, string accept)
    {
        using var answer = await PlainAsync(new HttpMethod(method), path, ("Accept", accept));
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, answer);
        Assert.Equal("Use https.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task A_token_sent_in_the_clear_is_refused_and_not_redirected()
    {
        using var answer = await PlainAsync(HttpMethod.Get, "/", ("Accept", "text/html"), ("Authorization", "Bearer x"));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, answer);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost")]
    [InlineData("localhost:7445")]
    [InlineData("localhost.evil.example:7443")]
    [InlineData("127.0.0.1:7443")]
    [Trait("Practice", "P28")]
    public async Task A_host_that_is_not_ours_is_refused(string name)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Host", name));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.MisdirectedRequest, answer);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task Long_urls_many_headers_and_large_bodies_are_refused_with_a_problem()
    {
        using var url = await host.GetAsync("/api/catalog/products?q=" + new string('x', 4200));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.RequestUriTooLong, url);

        using var headers = await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: [.. Enumerable.Range(0, 70).Select(number => ($"X-{number}", "x"))]);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.RequestHeaderFieldsTooLarge, headers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Practice", "P23")]
    public async Task A_body_over_its_routes_limit_is_a_413_and_one_at_the_limit_passes(bool chunked)
    {
        var token = TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]);

        // The marks between chunks count as well.
        foreach (var (size, status) in new[] { (chunked ? 63 * 1024 : 64 * 1024, HttpStatusCode.OK), ((64 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge) })
        {
            using var content = new StringContent(new string('x', size), Encoding.ASCII, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = content };
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = !chunked;
            using var answer = await host.Shop.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
            if (status != HttpStatusCode.OK)
                await ProblemAssert.IsProblemAsync(status, answer);
        }
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task What_a_caller_claims_of_itself_does_not_pass()
    {
        (string, string)[] claims =
        [
            ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Prefix", "/evil"),
            ("X-Forwarded-Port", "1"), ("X-Envoy-Max-Retries", "9"), ("x-envoy-upstream-rq-timeout-ms", "86400000"), ("Forwarded", "for=203.0.113.7"), ("X-Real-IP", "203.0.113.7"), ("X-Original-For", "203.0.113.7"),
            ("X-Original-URL", "/reservations"), ("X-HTTP-Method-Override", "DELETE"), ("traceparent", "00-11111111111111111111111111111111-2222222222222222-01"),
            ("baggage", "role=admin"), ("Cookie", "session=stolen"), ("X-Harmless", "kept"),
        ];
        using var answer = await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: claims);
        var echo = await answer.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken);
        var sent = new Dictionary<string, string>(echo!.Headers, StringComparer.OrdinalIgnoreCase);
        Assert.Equal("127.0.0.1", sent["X-Forwarded-For"]);
        Assert.DoesNotContain("X-Forwarded-Host", sent.Keys);
        Assert.DoesNotContain(sent.Keys, name => name.StartsWith("x-envoy", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("https", sent["X-Forwarded-Proto"]);
        Assert.Equal("kept", sent["X-Harmless"]);
        var values = string.Join(' ', sent.Values);
        foreach (var forged in new[] { "203.0.113.7", "evil", "/reservations", "DELETE", "11111111111111111111111111111111", "admin", "stolen" })
            Assert.DoesNotContain(forged, values, StringComparison.Ordinal);
    }

    /// <summary>Whoever could take our header away, or add one that reads as ours, would be somebody else to the service.</summary>
    [Theory]
    [InlineData("Connection: X-Forwarded-For, X-Forwarded-Proto, Authorization")]
    [InlineData("Connection: close, x-forwarded-for\r\nConnection: authorization")]
    [InlineData("X_Forwarded_For: 203.0.113.7\r\nX_Forwarded-For: 203.0.113.7\r\nx_real_ip: 203.0.113.7\r\nX_Forwarded_Proto: http")]
    [InlineData("X_Api_Key: 203.0.113.7\r\nX_Original_URL: 203.0.113.7\r\nX_HTTP_Method_Override: 203.0.113.7\r\n_: 203.0.113.7")]
    [InlineData("Proxy-Connection: X-Forwarded-For\r\nKeep-Alive: X-Forwarded-For\r\nTE: X-Forwarded-For")]
    [Trait("Practice", "P28")]
    public async Task What_only_we_may_set_is_neither_taken_away_nor_spelt_differently(string lines)
    {
        var token = TestTokens.Create("catalog", "alice", [Scope.CatalogRead], [Role.Customer]);
        var answer = await RawHttp.SendAsync(
            host.Shop.BaseAddress!, $"GET /api/catalog/products HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}\r\nAuthorization: Bearer {token}\r\nX-Harmless: kept\r\n{lines}",
            TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"x-Forwarded-For\":\"127.0.0.1\"", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"x-Forwarded-Proto\":\"https\"", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Bearer {token}", answer, StringComparison.Ordinal);
        Assert.Contains("\"x-Harmless\":\"kept\"", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("203.0.113.7", answer, StringComparison.Ordinal);
        Assert.DoesNotMatch("\"[a-z_-]*_[a-z_-]*\":\"", answer);
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task A_callers_trace_is_not_adopted_where_traces_are_recorded()
    {
        await using var recording = await GatewayHost.StartAsync(settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]);
        using var answer = await recording.SendAsync(
            HttpMethod.Get, "/api/catalog/products", headers: [("traceparent", "00-11111111111111111111111111111111-2222222222222222-01"), ("baggage", "role=admin")]);
        var echo = await answer.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", echo!.Headers["traceparent"]);
        Assert.DoesNotContain("11111111111111111111111111111111", echo.Headers["traceparent"], StringComparison.Ordinal);
        Assert.DoesNotContain("baggage", echo.Headers.Keys);
    }

    private Task<HttpResponseMessage> PlainAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
        => GatewayHost.SendAsync(host.Plain, method, path.StartsWith("//", StringComparison.Ordinal) ? host.Plain.BaseAddress + path[1..] : path, headers: headers);
}
