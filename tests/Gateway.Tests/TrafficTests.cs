using System.Net;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Traffic;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>What the gateway tells of its callers to whoever learns from it.</summary>
[Trait("Practice", "P34")]
public sealed class TrafficTests
{
    [Fact]
    public async Task Requests_are_told_by_address_and_by_principal_as_they_were_answered()
    {
        await using var host = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.StatusCode = context.Request.Path == "/products" ? 200 : 404;
            return Task.CompletedTask;
        });
        host.Clock.Stop();
        var token = TestTokens.Create("catalog", "alice", [Scope.CatalogRead]);
        for (var request = 0; request < 3; request++)
            await SendAsync(HttpStatusCode.OK, "/api/catalog/products", token, "shop-app");
        foreach (var id in (Guid[])[Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()])
        {
            // The same object in other letters is the same object.
            await SendAsync(HttpStatusCode.NotFound, $"/api/catalog/products/{id}", token, "shop-app");
            await SendAsync(HttpStatusCode.NotFound, $"/api/catalog/products/{id.ToString().ToUpperInvariant()}", token, "curl");
        }

        await SendAsync(HttpStatusCode.Forbidden, "/api/orders/all", TestTokens.Create("orders", "alice", [Scope.OrdersRead]), "curl");
        await SendAsync(HttpStatusCode.Unauthorized, "/api/orders", token: null, "curl");
        (await host.Health.GetAsync("/health/live", TestContext.Current.CancellationToken)).Dispose();

        host.Clock.Advance(CallerFigures.Window);
        await SendAsync(HttpStatusCode.OK, "/docs", token: null, "curl");
        var told = await NextAsync(host);

        var address = told.Single(summary => summary.Kind == "address");
        var principal = told.Single(summary => summary.Kind == "principal");
        Assert.Equal((11, 10), (address.Requests, principal.Requests));
        Assert.Equal((2.0 / 11, 6.0 / 11), (address.Refused, address.NotFound));
        Assert.Equal((0.1, 0.6), (principal.Refused, principal.NotFound));
        Assert.InRange(principal.Objects, 2.5, 3.5);
        Assert.InRange(principal.RouteEntropy, 1, 1.6);
        Assert.Equal(5, principal.AgentChanges);
        Assert.DoesNotContain("alice", string.Join(' ', told), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0", string.Join(' ', told), StringComparison.Ordinal);

        async Task SendAsync(HttpStatusCode expected, string path, string? token, string agent)
        {
            using var answer = await host.SendAsync(HttpMethod.Get, path, token, headers: ("User-Agent", agent));
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    private static async Task<IReadOnlyList<CallerSummary>> NextAsync(GatewayHost host)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var window in host.Figures.ReadAllAsync(patience.Token))
            return window;
        throw new InvalidOperationException("The stream has ended.");
    }
}
