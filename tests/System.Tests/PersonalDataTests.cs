using System.Net;
using System.Text.Json;
using Aspire.Hosting.Testing;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>What a person asks for at Identity's account page, every service answers, over the whole system.</summary>
[Trait("Practice", "P36")]
public sealed class PersonalDataTests(ShopSystem shop)
{
    private const string Delivery
        = """{"recipient":"Ottilie Kanari","street":"Kanari lane 4","postalCode":"114 32","city":"Stockholm","country":"SE","phone":"+46701740605","note":"ring at Kanari"}""";

    // Services ask every ten seconds; a machine may have much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Practice", "P21")]
    [Trait("Practice", "P43")]
    public async Task Somebody_who_has_ordered_takes_a_copy_along_and_leaves_nothing_that_can_be_read()
    {
        var email = $"otti-{Guid.NewGuid():N}@secureshop.example";
        const string password = "velvet trombone 73 gravel";
        using var browser = new Browser(shop.Run.Place);
        await browser.RegisterAsync("Ottilie", email, password);
        await browser.ConfirmAsync(email, password);
        var token = (await browser.SignInAsync(email, password, ShopSystem.EveryScope)).Access;
        var subject = Claims.Subject(token);
        using var ottilie = shop.WithToken(token);
        using var sam = await shop.SignedInAsync("sam");
        var (product, _) = await Products.CreateAsync(sam, stock: 5);
        using var placed = await ottilie.OrderAsync(product, 2, delivery: Delivery);
        var order = (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var adam = await shop.SignedInAsync("adam");
        using (var read = await adam.GetAsync($"/api/orders/{order}/delivery"))
            Assert.Equal("Ottilie Kanari", (await read.JsonAsync()).GetProperty("recipient").GetString());

        var copy = await browser.CopyAsync(Patience);
        Assert.Equal((subject, email), (copy.GetProperty("profile").GetProperty("id").GetString(), copy.GetProperty("profile").GetProperty("email").GetString()));
        var kept = Assert.Single(copy.GetProperty("services").GetProperty("orders").EnumerateArray());
        Assert.Equal(order, kept.GetProperty("order").GetProperty("id").GetGuid());
        Assert.Equal("Kanari lane 4", kept.GetProperty("delivery").GetProperty("street").GetString());
        Assert.Equal(JsonValueKind.Object, copy.GetProperty("services").GetProperty("catalog").ValueKind);

        await browser.EraseAsync(email);
        await using var database = new AdminDatabase((await shop.Run.App.GetConnectionStringAsync("shop", TestContext.Current.CancellationToken))!);
        using var limit = new CancellationTokenSource(Patience);
        foreach (var (schema, name) in ((string, string)[])[("identity", "AccountErased"), ("orders", "PersonalDataExported"), ("orders", "PersonalDataErased"), ("catalog", "PersonalDataErased"), ("identity", "PersonalPartAnswered")])
        {
            while (!await database.HasEventAsync(schema, name, subject, limit.Token))
                await Task.Delay(500, limit.Token);
        }

        // Nobody reads where it was to go: staff through the gateway, nor its customer straight at the service, whose old token has minutes to live.
        using var stale = shop.WithToken(token, shop.Run.Service("orders"));
        foreach (var (caller, path) in ((Shopper, string)[])[(adam, $"/api/orders/{order}/delivery"), (stale, $"/{order}/delivery")])
        {
            using var unread = await caller.GetAsync(path);
            await unread.ProblemAsync(HttpStatusCode.NotFound);
        }

        // The order is there for the books, cancelled; its stock is for sale again.
        using (var left = await adam.GetAsync($"/api/orders/{order}"))
            Assert.Contains((await left.JsonAsync()).GetProperty("state").GetString(), (string[])["cancelling", "cancelled"]);
        while (await Products.StockAsync(sam, product) != 5)
            await Task.Delay(500, limit.Token);
        using var gone = await ottilie.GetAsync("/api/orders");
        await gone.ProblemAsync(HttpStatusCode.Unauthorized);
    }
}
