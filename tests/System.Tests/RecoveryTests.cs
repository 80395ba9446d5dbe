using System.Net;
using Aspire.Hosting.ApplicationModel;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Parts die and come back; what was promised stays.</summary>
[Trait("Practice", "P38")]
public sealed class RecoveryTests(ShopSystem shop)
{
    [Theory]
    [InlineData("orders", "/api/orders")]
    [InlineData("catalog", "/api/catalog/products?limit=1")]
    public async Task A_killed_service_is_started_again_and_serves(string service, string path)
    {
        using var bob = await shop.SignedInAsync("bob");

        var killed = await shop.Run.KillAsync(service);

        await shop.Run.RestartedAsync(service, killed);
        using var answer = await bob.GetAsync(path);
        await answer.JsonAsync();
    }

    /// <summary>
    /// The catalog is stopped, not killed: a killed one is back within two seconds, and on a busy machine an order can take
    /// as long to come to it, above all the first one, for which Orders needs a token of its own.
    /// </summary>
    [Fact]
    [Trait("Practice", "P19")]
    public async Task An_order_placed_while_the_catalog_is_dead_is_made_once_and_not_lost()
    {
        using var sam = await shop.SignedInAsync("sam");
        var token = (await shop.TokensOfAsync("bob")).Access;
        using var bob = shop.WithToken(token);
        using var atOnce = shop.WithToken(token, comesBack: false);
        var (product, _) = await Products.CreateAsync(sam, stock: 5);
        var key = Guid.NewGuid().ToString();

        var former = await shop.Run.ProcessIdAsync("catalog");
        await shop.Run.CommandAsync("catalog", KnownResourceCommands.StopCommand);
        await shop.Run.UntilAsync("catalog", state => KnownResourceStates.TerminalStates.Contains(state.State?.Text));
        using var refused = await atOnce.OrderAsync(product, 1, key);
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);

        // A client that does as it is told: the same key until there is an answer. The reconciler may be faster than it, or at work (409).
        await shop.Run.CommandAsync("catalog", KnownResourceCommands.StartCommand);
        await shop.Run.RestartedAsync("catalog", former);
        HttpResponseMessage again;
        while ((again = await bob.OrderAsync(product, 1, key)).StatusCode != HttpStatusCode.Created)
        {
            await again.ProblemAsync(HttpStatusCode.Conflict);
            await Task.Delay(Assert.NotNull(again.Headers.RetryAfter?.Delta), TestContext.Current.CancellationToken);
        }

        Assert.Equal("confirmed", (await again.JsonAsync(HttpStatusCode.Created)).GetProperty("state").GetString());
        Assert.Equal(4, await Products.StockAsync(sam, product));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task A_store_restarted_from_the_dashboard_is_survived_by_every_service(string store)
    {
        using var sam = await shop.SignedInAsync("sam");
        using var bob = await shop.SignedInAsync("bob");
        var (product, _) = await Products.CreateAsync(sam, stock: 5);
        string[] services = ["gateway", "identity", "catalog", "orders"];
        var processes = await Task.WhenAll(services.Select(shop.Run.ProcessIdAsync));
        var former = await shop.Run.ProcessIdAsync(store);

        await shop.Run.CommandAsync(store, KnownResourceCommands.RestartCommand);
        await shop.Run.RestartedAsync(store, former);

        // Requests may still meet connections that the restart has cut; they say so, and who comes back is served.
        foreach (var path in (string[])["/api/catalog/products?limit=1", "/api/orders"])
        {
            using var read = await bob.GetAsync(path);
            await read.JsonAsync();
        }

        // Nothing is changed before the gateway has heard again what was revoked; whoever asks is told to come back.
        using var ordered = await bob.OrderAsync(product);
        await ordered.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(4, await Products.StockAsync(sam, product));

        // Nor is anybody's password tried before the gateway can count it again.
        using var browser = new Browser(shop.Run.Place);
        Assert.NotEmpty((await browser.SignInAsync("bob@secureshop.example", shop.Run.Place.Secrets["demo-bob-password"], "openid")).Access);
        Assert.Equal(processes, await Task.WhenAll(services.Select(shop.Run.ProcessIdAsync)));
    }
}
