using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    [Fact]
    [Trait("Practice", "P33")]
    [Trait("Practice", "P40")]
    public async Task Traces_metrics_and_logs_arrive_by_otlp_without_query_strings_or_tokens()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = await new LoopbackServer(app => app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.AddOrUpdate(context.Request.Path, _ => Text(body), (_, before) => before + Text(body));
        })).StartAsync();
        await using var issuer = await TestIssuer.StartAsync();
        var token = TestTokens.Create("catalog", "alice", [Scope.CatalogRead]);
        await using (var host = await ServiceHost.StartAsync(
            issuer,
            app =>
            {
                app.MapGet("/products/{id}", (string id) => id).RequireAccess(AccessRule.ForScope(Scope.CatalogRead));
                app.MapGet("/throws", string () => throw new InvalidOperationException("broken on purpose")).RequireAccess(AccessRule.Anyone("a test"));
            },
            build: null,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.AbsoluteUri),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            using var read = await host.GetAsync("/products/42?code=canary-query", token);
            using var broken = await host.GetAsync("/throws");
            using var health = await host.GetAsync("/health/live");
            host.App.Services.GetRequiredService<TracerProvider>().ForceFlush();
            host.App.Services.GetRequiredService<MeterProvider>().ForceFlush();
            await host.App.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], received.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("GET /products/{id}", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("http.route", received["/v1/traces"], StringComparison.Ordinal);

        // Of server spans: this process also traces its own client, which asks for health by its whole address.
        Assert.Matches("url\\.path[^/]{1,8}/products/42", received["/v1/traces"]);
        Assert.DoesNotMatch("url\\.path[^/]{1,8}/health", received["/v1/traces"]);
        Assert.Contains("broken on purpose", received["/v1/logs"], StringComparison.Ordinal);

        // A receiver gets name and number of an event.
        Assert.Contains("RequestFailed", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("event.id", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("service.instance.id", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("secureshop.token.check.duration", received["/v1/metrics"], StringComparison.Ordinal);
        var everything = string.Concat(received.Values);
        Assert.DoesNotContain("canary-query", everything, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[1], everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Practice", "P38")]
    public async Task A_receiver_that_is_gone_or_silent_does_not_hold_up_the_stop(bool listens)
    {
        // Accepts (the kernel does) and never answers; or refuses.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        if (!listens)
            silent.Stop();
        await using var issuer = await TestIssuer.StartAsync();
        var host = await ServiceHost.StartAsync(
            issuer,
            app => app.MapGet("/", () => "ok").RequireAccess(AccessRule.Anyone("a test")),
            build: null,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        for (var request = 0; request < 100; request++)
            (await host.GetAsync("/")).Dispose();

        var started = TimeProvider.System.GetTimestamp();
        await host.App.StopAsync(TestContext.Current.CancellationToken);
        await host.DisposeAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(listens ? 10 : 2));
    }

    private static string Text(MemoryStream body) => Encoding.Latin1.GetString(body.ToArray());
}
