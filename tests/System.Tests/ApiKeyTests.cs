using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>A program calls with its person's key, until that person revokes it.</summary>
[Trait("Practice", "P05")]
public sealed class ApiKeyTests(ShopSystem shop)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Practice", "P12")]
    [Trait("Practice", "P16")]
    public async Task A_key_reads_its_owners_orders_and_is_refused_once_it_is_revoked()
    {
        using var browser = new Browser(shop.Run.Place);
        var email = $"kay-{Guid.NewGuid():N}@secureshop.example";
        const string password = "amber lighthouse 58 saucer";
        await browser.RegisterAsync("Kay", email, password);
        await browser.ConfirmAsync(email, password);
        using var kay = shop.WithToken((await browser.SignInAsync(email, password, ShopSystem.EveryScope)).Access);
        using var sam = await shop.SignedInAsync("sam");
        var (product, _) = await Products.CreateAsync(sam, stock: 2);
        using var placed = await kay.OrderAsync(product);
        var order = (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var key = await browser.MakeKeyAsync("Order list", "orders.read");

        using var program = shop.Guest();
        using var read = await CallAsync(program, key);
        Assert.Equal(order, Assert.Single((await read.JsonAsync()).GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());

        // No more than it was made for, no further than its owner, and nowhere but at the gateway.
        using var cancelled = await program.SendAsync(HttpMethod.Post, $"/api/orders/{order}/cancel", json: null, ("X-Api-Key", key));
        await cancelled.ProblemAsync(HttpStatusCode.Forbidden);
        using var bob = await shop.SignedInAsync("bob");
        using var bobs = await bob.OrderAsync(product);
        using var foreign = await CallAsync(program, key, bobs.Headers.Location!.PathAndQuery);
        await foreign.ProblemAsync(HttpStatusCode.NotFound);
        using var inside = shop.Guest(shop.Run.Service("orders"));
        using var direct = await CallAsync(inside, key, "/");
        await direct.ProblemAsync(HttpStatusCode.Unauthorized);

        await browser.RevokeKeyAsync();
        var revoked = TimeProvider.System.GetTimestamp();
        using var limit = new CancellationTokenSource(LongestLife);
        while (true)
        {
            using var answer = await CallAsync(program, key);
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                await answer.ProblemAsync(HttpStatusCode.Unauthorized);
                break;
            }

            await answer.JsonAsync();
            await Task.Delay(100, limit.Token);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(revoked) < LongestLife);
    }

    private static Task<HttpResponseMessage> CallAsync(Shopper program, string key, string path = "/api/orders")
        => program.SendAsync(HttpMethod.Get, path, json: null, ("X-Api-Key", key));
}
