using System.Diagnostics;
using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Parts die and come back; what was promised stays.</summary>
[Trait("Practice", "P38")]
public sealed class RecoveryTests(ShopSystem shop)
{
    [Fact]
    public async Task A_killed_service_is_started_again_and_serves()
    {
        using var alice = await shop.SignedInAsync("alice");

        Kill("orders");

        await RestartedAsync("orders");
        using var answer = await alice.GetAsync("/api/orders");
        await answer.JsonAsync();
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task An_order_placed_while_the_catalog_is_dead_is_made_once_and_not_lost()
    {
        using var sam = await shop.SignedInAsync("sam");
        using var alice = await shop.SignedInAsync("alice");
        var (product, _) = await Products.CreateAsync(sam, stock: 5);
        var key = Guid.NewGuid().ToString();

        Kill("catalog");
        using var refused = await alice.OrderAsync(product, 1, key);
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);

        // A client that does as it is told: the same key until there is an answer. The reconciler may be faster than it.
        await RestartedAsync("catalog");
        HttpResponseMessage again;
        while ((again = await alice.OrderAsync(product, 1, key)).StatusCode != HttpStatusCode.Created)
        {
            await again.ProblemAsync(HttpStatusCode.ServiceUnavailable, HttpStatusCode.Conflict);
            await Task.Delay(Assert.NotNull(again.Headers.RetryAfter?.Delta), TestContext.Current.CancellationToken);
        }

        Assert.Equal("placed", (await again.JsonAsync(HttpStatusCode.Created)).GetProperty("state").GetString());
        Assert.Equal(4, await Products.StockAsync(sam, product));
    }

    /// <summary>Each service once: the file does not tell the process that comes after it.</summary>
    private void Kill(string service)
    {
        using var victim = Process.GetProcessById(shop.Run.Ready[service].Pids.Single());
        victim.Kill(entireProcessTree: false);
    }

    private async Task RestartedAsync(string service)
    {
        await shop.Run.UntilAsync(() => Said(service, "starting it again"), $"AppHost says that {service} is started again");
        await shop.Run.UntilAsync(() => Said(service, "healthy again"), $"{service} is healthy again");
    }

    private bool Said(string service, string what) => shop.Run.Output.Any(line =>
        line.Contains($" {service} ", StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal));
}
