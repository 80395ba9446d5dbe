using System.Diagnostics.Metrics;
using System.Net;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>What the gateway refuses leaves exactly one event; what it serves, or a service refuses behind it, none here.</summary>
public sealed class EventTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private readonly GatewayHost host = gateway.Host;

    public static TheoryData<string, int, string, int> Denials => new()
    {
        { "no token", 1001, RefusalReason.NoCredential, 401 },
        { "scope", 1001, RefusalReason.MissingScope, 403 },
        { "role", 1001, RefusalReason.MissingRole, 403 },
        { "forged", 1002, RefusalReason.TokenSignature, 401 },
        { "other audience", 1002, RefusalReason.TokenAudience, 401 },
        { "health", 1001, RefusalReason.NotInternal, 404 },
        { "document of identity", 1001, RefusalReason.NotInternal, 404 },
        { "host", 2003, GatewayRefusal.Host, 421 },
        { "plain http", 2003, RefusalReason.PlainHttp, 403 },
        { "method", 2003, GatewayRefusal.RequestShape, 405 },
        { "path", 2003, GatewayRefusal.RequestShape, 400 },
        { "body", 2003, GatewayRefusal.RequestShape, 413 },
        { "headers", 2003, GatewayRefusal.RequestShape, 431 },
        { "header that is not plain", 2003, GatewayRefusal.RequestShape, 400 },
        { "injection", 2006, GatewayRefusal.Firewall, 403 },
        { "preflight of a foreign page", 2002, GatewayRefusal.Origin, 405 },
        { "read by a foreign page", 2002, GatewayRefusal.Origin, 200 },
        { "foreign page without a token", 1001, RefusalReason.NoCredential, 401 },
    };

    [Theory]
    [MemberData(nameof(Denials))]
    [Trait("Practice", "P33")]
    public async Task Each_denial_leaves_one_event(string kind, int id, string reason, int status)
    {
        host.Events.Clear();
        using var answer = await DenyAsync(kind);
        Assert.Equal(status, (int)answer.StatusCode);
        var only = Assert.Single(host.Events.All);
        Assert.Equal((id, reason), (only.Id, only["Reason"]));
        Assert.Equal("127.0.0.1", only["Address"]);
        Assert.Equal(kind is "scope" or "role" or "body" ? "mallory" : null, only["Subject"]);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task What_is_served_leaves_none()
    {
        host.Events.Clear();
        foreach (var answer in new[]
        {
            await host.GetAsync("/api/catalog/products?q=x"),
            await host.GetAsync("/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersRead])),
            await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", "https://partner.example")),
            await host.Identity.GetAsync("/account/login", TestContext.Current.CancellationToken),
            await host.Health.GetAsync("/health/ready", TestContext.Current.CancellationToken),
        })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answer.Dispose();
        }

        Assert.Empty(host.Events.All);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    [Trait("Practice", "P33")]
    public async Task What_a_service_refuses_has_its_event_there(int status)
    {
        await using var refusing = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var answer = await refusing.GetAsync("/api/catalog/products");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(refusing.Events.All);
    }

    [Fact]
    [Trait("Practice", "P27")]
    [Trait("Practice", "P33")]
    public async Task A_limit_leaves_one_event_per_caller_and_window_and_the_metric_counts_every_request()
    {
        var hits = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "secureshop.limits.hit")
                    all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.Length == 3 && tags[0].Value is "Write" && tags[2].Value is "of_events")
                Interlocked.Add(ref hits, value);
        });
        listener.Start();
        await using var limited = await GatewayHost.StartAsync(settings:
        [
            .. TestLimits.Of("address_write", 3), .. TestLimits.Of("of_events", 2), ("Limits:Policies:address_write:Window", "00:01:00"), ("Limits:Policies:of_events:Window", "00:01:00"),
            ("Limits:Policies:of_events:Partition", "Subject"),
        ]);
        limited.Clock.Stop();

        for (var window = 0; window < 2; window++)
        {
            for (var request = 0; request < 10; request++)
            {
                using var answer = await limited.SendAsync(HttpMethod.Post, "/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]));
                Assert.Equal(request < 2 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, answer.StatusCode);
            }

            await limited.PassAsync(TimeSpan.FromMinutes(1));
        }

        Assert.All(limited.Events.All, one => Assert.Equal((2001, "LimitHit", "Write"), (one.Id, one.Name, one["Class"])));
        Assert.Equal(
            ["principal limit_principal of_events alice", "principal limit_principal of_events alice"],
            limited.Events.All.Select(one => $"{one["By"]} {one["Reason"]} {one["Limit"]} {one["Subject"]}"));
        Assert.Equal(16, Interlocked.Read(ref hits));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_event_and_no_other() => Assert.Empty(EventDocument.Differences([typeof(Program).Assembly], 2000, 2999, "secureshop.limits.hit", "secureshop.firewall.hits"));

    private Task<HttpResponseMessage> DenyAsync(string kind)
    {
        var mallory = TestTokens.Create("orders", "mallory", [Scope.OrdersAdmin], [Role.Customer]);
        return kind switch
        {
            "no token" => host.GetAsync("/api/orders"),
            "scope" => host.GetAsync("/api/orders", mallory),
            "role" => host.GetAsync("/api/orders/all", mallory),
            "forged" => host.GetAsync("/api/orders", ForgedTokens.Create("payload changed after signing", "orders", "mallory", [Scope.OrdersRead])),
            "other audience" => host.GetAsync("/api/orders", TestTokens.Create("catalog", "mallory", [Scope.OrdersRead])),
            "health" => host.GetAsync("/health/ready"),
            "document of identity" => host.Identity.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken),
            "host" => host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Host", "evil.example")),
            "plain http" => host.Plain.GetAsync("/api/catalog/products", TestContext.Current.CancellationToken),
            "method" => host.SendAsync(HttpMethod.Trace, "/api/catalog/products"),
            "path" => host.GetAsync("/api/catalog/a%252fb"),
            "body" => host.SendAsync(HttpMethod.Post, "/api/orders", mallory, new ByteArrayContent(new byte[70_000]), ("Expect", "100-continue")),
            "headers" => host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("X-Large", new string('x', 20_000))),
            "header that is not plain" => host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("X-Name", "a\u007fb")),
            "injection" => host.GetAsync("/api/catalog/products?q=%27%20or%201%3D1--"),
            "preflight of a foreign page" => host.SendAsync(
                HttpMethod.Options, "/api/catalog/products", headers: [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET")]),
            "read by a foreign page" => host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", "https://evil.example")),
            "foreign page without a token" => host.SendAsync(HttpMethod.Get, "/api/orders", headers: ("Origin", "https://evil.example")),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not known."),
        };
    }
}
