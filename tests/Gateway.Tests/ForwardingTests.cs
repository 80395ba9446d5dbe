using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>
/// What a caller sends is either refused by the gateway or taken by the service: never a 502, never a service that is left out, and no
/// stack in the log. Each test sends more requests than the health check needs to judge.
/// </summary>
public sealed class ForwardingTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private const int Enough = 12;
    private const string Path = "/api/catalog/products";

    private readonly GatewayHost host = gateway.Host;

    public static TheoryData<string, int, int> Sizes => new MatrixTheoryData<string, int, int>(
        ["1.1", "2.0"], [8_000, 15_000, 16_000, 17_000, 20_000, 25_000, 30_000], [1, 20, 50]);

    [Theory]
    [MemberData(nameof(Sizes))]
    [Trait("Practice", "P23")]
    public async Task Headers_are_admitted_by_gateway_and_service_alike(string version, int size, int count)
    {
        var headers = Enumerable.Range(0, count).Select(number => ($"X-{number}", new string('x', (size / count) - 4)));
        var status = size <= 16_000 ? HttpStatusCode.OK : HttpStatusCode.RequestHeaderFieldsTooLarge;
        foreach (var client in new[] { host.Shop, host.Identity })
            Assert.All(await ManyAsync(client, version, [.. headers]), answered => Assert.Equal(status, answered));
        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(55, 200)]
    [InlineData(62, 431)]
    [InlineData(90, 431)]
    [InlineData(200, 431)]
    [Trait("Practice", "P23")]
    public async Task Lines_of_one_name_count_each(int count, int status)
    {
        var lines = string.Concat(Enumerable.Repeat("\r\nX-Same: x", count));
        for (var time = 0; time < Enough; time++)
            AssertStatus(await RawHttp.SendAsync(host.Shop.BaseAddress!, $"GET {Path} HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}{lines}", TestContext.Current.CancellationToken), status);
        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(4_000, HttpStatusCode.OK)]
    [InlineData(4_200, HttpStatusCode.RequestUriTooLong)]
    [InlineData(12_000, HttpStatusCode.RequestUriTooLong)]
    [Trait("Practice", "P23")]
    public async Task A_long_address_beside_large_headers_is_admitted_by_both_or_refused(int length, HttpStatusCode status)
    {
        var path = $"{Path}?q={new string('x', length - Path.Length - 3)}";
        foreach (var version in new[] { "1.1", "2.0" })
            Assert.All(await ManyAsync(host.Shop, version, [("X-Large", new string('x', 15_000))], path), answered => Assert.Equal(status, answered));
        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("User-Agent: Caf\u00c3\u00a9")]
    [InlineData("User-Agent: Caf\u00e9")]
    [InlineData("X-Name: \u00ff\u00fe\u0080")]
    [InlineData("Cookie: name=Zo\u00c3\u00ab")]
    [InlineData("Authorization: Bearer \u00e9")]
    [InlineData("Idempotency-Key: \"\u00e9\"")]
    [InlineData("Accept-Language: d\u00e9")]
    [InlineData("Content-Type: text/pl\u00e4in")]
    [InlineData("If-None-Match: \"\u00e9\"")]
    [InlineData("Referer: https://partner.example/\u00e9")]
    [InlineData("Origin: https://partn\u00e9r.example")]
    [InlineData("X-Forwarded-For: \u00e9")]
    [InlineData("Date: \u0001")]
    [InlineData("X-Name: a\u0001b")]
    [InlineData("X-Name: a\u001b[2Jb")]
    [InlineData("X-Name: a\u007fb")]
    [InlineData("X-Name: a\u000bb")]
    [InlineData("X-Name: a\0b")]
    [InlineData("X-N\u00e4me: x")]
    [InlineData("X-Na\u0001me: x")]
    [InlineData("X Name: x")]
    [InlineData(": x")]
    [InlineData(":path: /")]
    [InlineData("X-Name\u000b: x")]
    [InlineData(" X-Name: x")]
    [InlineData("Content-Length: \u00b2")]
    [Trait("Practice", "P23")]
    public async Task What_is_not_plain_in_a_header_is_a_400(string header)
    {
        foreach (var name in new[] { GatewayFactory.ShopHost, GatewayFactory.IdentityHost })
        {
            for (var time = 0; time < Enough; time++)
                AssertStatus(await RawHttp.SendAsync(host.Shop.BaseAddress!, $"GET {Path} HTTP/1.1\r\nHost: {name}\r\n{header}", TestContext.Current.CancellationToken), 400);
        }

        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("x-name", "Caf\u00c3\u00a9", "400")]
    [InlineData("x-name", "Caf\u00e9", "400")]
    [InlineData("user-agent", "a\u0001b", "400")]
    [InlineData("cookie", "a=\u007f", "400")]
    [InlineData("x-name", "a\tb c", "200")]
    [InlineData("x-name", "a\r\nX-Injected: b", null)]
    [InlineData("x-name", "a\nb", null)]
    [InlineData("x-name", "a\0b", null)]
    [InlineData("x name", "a", null)]
    [InlineData("x:name", "a", null)]
    [InlineData("x(name", "a", null)]
    [InlineData("x-n\u00e4me", "a", null)]
    [InlineData("x-na\u0001me", "a", null)]
    [InlineData("X-Name", "a", null)]
    [InlineData("", "a", null)]
    [InlineData("te", "gzip", null)]
    [InlineData("connection", "close", null)]
    [InlineData("transfer-encoding", "chunked", "200")]
    [InlineData("host", "other.example", "200")]
    [InlineData("content-length", "-1", null)]
    [Trait("Practice", "P23")]
    public async Task The_same_over_http2(string name, string value, string? expected)
    {
        for (var time = 0; time < Enough; time++)
        {
            var status = await RawHttp2.GetAsync(host.Shop.BaseAddress!, GatewayFactory.ShopHost, Path, [(name, value)], TestContext.Current.CancellationToken);
            if (expected is not null)
                Assert.Equal(expected, status);
            else
                Assert.Contains(status, (string[])["400", "421", "reset", "closed"]);
        }

        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData(4_000, 2, "200")]
    [InlineData(4_000, 4, "431")]
    [InlineData(4_000, 40, null)]
    [InlineData(3_000, 10_000, null)]
    [InlineData(10, 55, "200")]
    [InlineData(10, 90, "431")]
    [Trait("Practice", "P23")]
    public async Task Headers_count_as_what_they_are_unpacked(int size, int repeats, string? expected)
    {
        for (var time = 0; time < Enough; time++)
        {
            var status = await RawHttp2.GetAsync(
                host.Shop.BaseAddress!, GatewayFactory.ShopHost, Path, [("x-packed", new string('x', size))], TestContext.Current.CancellationToken, repeats);
            if (expected is not null)
                Assert.Equal(expected, status);
            else
                Assert.Contains(status, (string[])["431", "reset", "closed"]);
        }

        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("TE: gzip")]
    [InlineData("TE: trailers")]
    [InlineData("Connection: X-Name\r\nX-Name: x")]
    [InlineData("Connection: Host")]
    [InlineData("Connection: Authorization, X-Forwarded-For")]
    [InlineData("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__")]
    [InlineData("Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13")]
    [InlineData("Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive")]
    [InlineData("Trailer: X-Name")]
    [InlineData("Expect: 200-maybe")]
    [InlineData("Max-Forwards: -1")]
    [InlineData("Accept: \t a/b ;; ,,")]
    [InlineData("Content-Type: ;")]
    [InlineData("Content-Encoding: ,")]
    [InlineData("If-Modified-Since: yesterday")]
    [InlineData("Range: bytes=9-1")]
    [InlineData("X-Empty:")]
    [InlineData("Content-Length: 0")]
    [InlineData("Date: never\r\nFrom: x\r\nWarning: x\r\nVia: x, x, x")]
    [Trait("Practice", "P23")]
    public async Task Strange_headers_are_the_callers_own_matter(string header)
    {
        for (var time = 0; time < Enough; time++)
        {
            var answer = await RawHttp.SendAsync(host.Shop.BaseAddress!, $"GET {Path} HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}\r\n{header}", TestContext.Current.CancellationToken);
            Assert.True(answer.StartsWith("HTTP/1.1 2", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer);
        }

        await AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("2\r\n{}\r\n0\r\nX-Trailer: x\r\n\r\n", 200)]
    [InlineData("2\r\n{}\r\n0\r\nX-Trailer: Caf\u00e9\r\n\r\n", null)]
    [InlineData("2\r\n{}\r\n0\r\nContent-Length: 5\r\nHost: x\r\n\r\n", null)]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("2;ext=\u00e9\r\n{}\r\n0\r\n\r\n", null)]
    [InlineData("2\r\n{}", null)]
    [InlineData("", null)]
    [Trait("Practice", "P23")]
    public async Task Bodies_that_break_off_or_bring_trailers_are_the_callers_own_matter(string body, int? status)
    {
        var token = TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]);
        for (var time = 0; time < Enough; time++)
        {
            var answer = await RawHttp.SendAsync(
                host.Shop.BaseAddress!,
                $"POST /api/orders HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked",
                TestContext.Current.CancellationToken,
                body,
                half: status is null);
            if (status is { } expected)
                AssertStatus(answer, expected);
            Assert.DoesNotContain(" 50", answer.Split('\n')[0], StringComparison.Ordinal);
        }

        await AssertUnharmedAsync("orders", "/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersRead], [Role.Customer]));
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task Callers_who_go_away_do_no_harm()
    {
        var gone = new CancellationTokenSource();
        await using var waiting = await GatewayHost.StartAsync(async (_, context) =>
        {
            if (!context.Request.Query.ContainsKey("wait"))
                return;
            var aborted = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(aborted.SetResult);
            await gone.CancelAsync();
            await aborted.Task;
        });
        foreach (var version in new[] { "1.1", "2.0" })
        {
            for (var time = 0; time < Enough; time++)
            {
                gone = new();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ManyAsync(waiting.Shop, version, [], $"{Path}?wait=1", times: 1, gone.Token));
                gone.Dispose();
            }
        }

        Assert.All(await ManyAsync(waiting.Shop, "1.1", []), status => Assert.Equal(HttpStatusCode.OK, status));

        Assert.False(waiting.IsLeftOut("catalog"));
        Assert.Empty(waiting.Failures.All);
        Assert.Empty(waiting.Proxy.All);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task A_service_that_answers_before_it_has_read_the_body_has_not_failed()
    {
        await using var hasty = await GatewayHost.StartAsync(async (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await context.Response.CompleteAsync();
        });
        var token = TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]);
        for (var time = 0; time < Enough; time++)
        {
            using var answer = await hasty.SendAsync(HttpMethod.Post, "/api/orders", token, new StringContent(new string('x', 60_000), Encoding.ASCII, "application/json"), ("Connection", "close"));
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }

        Assert.False(hasty.IsLeftOut("orders"));
        Assert.Empty(hasty.Failures.All);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task What_a_service_cannot_be_sent_is_the_callers_fault_and_not_the_services()
    {
        // A service that takes less than is admitted here, which ours do not.
        await using var narrow = await new LoopbackServer(
            app => app.Run(GatewayHost.EchoAsync),
            build: builder => builder.Services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestHeadersTotalSize = 4_000)).StartAsync();
        await using var own = await GatewayHost.StartAsync(settings: ("services:catalog:https:0", narrow.Address.AbsoluteUri));
        Assert.All(await ManyAsync(own.Shop, "1.1", []), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await ManyAsync(own.Shop, "1.1", [("X-Large", new string('x', 6_000))], times: 3 * Enough), status => Assert.Equal(HttpStatusCode.BadRequest, status));
        Assert.False(own.IsLeftOut("catalog"));
        Assert.Empty(own.Failures.All);
        Assert.All(own.Events.All, one => Assert.Equal((2003, GatewayRefusal.RequestShape, "400"), (one.Id, one["Reason"], one["Status"])));
        Assert.Equal(3 * Enough, own.Events.All.Count);
    }

    [Theory]
    [InlineData("X-Name: Caf\u00e9")]
    [InlineData("X-Name: Caf\u00c3\u00a9")]
    [InlineData("Location: /\u00e9")]
    [InlineData("ETag: \"\u0001\"")]
    [InlineData("Content-Type: text/\u007f")]
    [InlineData("X-N\u00e4me: x")]
    [InlineData("Content-Length: many")]
    [InlineData("large")]
    [InlineData("many")]
    [InlineData("status")]
    [Trait("Practice", "P32")]
    public async Task An_answer_that_cannot_be_passed_on_is_a_502_and_one_line_in_the_log(string header)
    {
        var line = header switch
        {
            "large" => $"X-Large: {new string('x', 40_000)}",
            "many" => string.Join("\r\n", Enumerable.Range(0, 5_000).Select(number => $"X-{number}: x")),
            _ => header,
        };
        await using var odd = new RawServer($"HTTP/1.1 {(header == "status" ? "2x0 Yes" : "200 OK")}\r\n{line}\r\n\r\n");
        await using var own = await GatewayHost.StartAsync(settings: ("services:catalog:https:0", odd.Address.AbsoluteUri));
        using var answer = await own.GetAsync(Path);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadGateway, answer);
        var only = Assert.Single(own.Failures.All);
        Assert.Equal((2101, "catalog"), (only.Id, only["Service"]));
        Assert.DoesNotContain("\n", only.Text.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", only.Text, StringComparison.Ordinal);
        Assert.Empty(own.Proxy.All);
        Assert.Empty(own.Events.All);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_service_that_breaks_connections_is_left_out()
    {
        await using var own = await GatewayHost.StartAsync((_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        var statuses = await ManyAsync(own.Shop, "1.1", [], times: 2 * Enough);
        Assert.Equal(
            [HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable],
            statuses.Aggregate(new List<HttpStatusCode>(), (runs, status) => runs is [.., var last] && last == status ? runs : [.. runs, status]));
        Assert.True(own.IsLeftOut("catalog"));
        Assert.All(own.Failures.All, one => Assert.Equal("connection", one["Reason"]));
    }

    private static async Task<List<HttpStatusCode>> ManyAsync(
        HttpClient client, string version, (string Name, string Value)[] headers, string path = Path, int times = Enough, CancellationToken? cancellation = null)
    {
        var statuses = new List<HttpStatusCode>();
        for (var time = 0; time < times; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            foreach (var (name, value) in headers)
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            using var answer = await client.SendAsync(request, cancellation ?? TestContext.Current.CancellationToken);
            statuses.Add(answer.StatusCode);
        }

        return statuses;
    }

    private static void AssertStatus(string answer, int status) => Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);

    private async Task AssertUnharmedAsync(string service = "catalog", string path = Path, string? token = null)
    {
        using var served = await host.GetAsync(path, token);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.False(host.IsLeftOut(service), $"{service} is left out");
        Assert.False(host.IsLeftOut("identity"), "identity is left out");
        Assert.Empty(host.Proxy.All);
        Assert.Empty(host.Failures.All);
    }
}
