using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>What the shop is for: from a stranger to an order, through every part.</summary>
public sealed class PurchaseTests(ShopSystem shop)
{
    [Fact]
    [Trait("Practice", "P01")]
    [Trait("Practice", "P16")]
    public async Task A_stranger_registers_signs_in_finds_orders_reads_and_cancels()
    {
        var email = $"ada-{Guid.NewGuid():N}@secureshop.example";
        const string password = "violet harbour 41 teaspoon";
        using var browser = new Browser(shop.Run.Place);
        await browser.RegisterAsync("Ada", email, password);
        await browser.ConfirmAsync(email, password);
        var tokens = await browser.SignInAsync(email, password, ShopSystem.EveryScope);
        Assert.NotNull(tokens.Refresh);
        using var ada = shop.WithToken(tokens.Access);

        // Its own product: of another test's there may be too few left.
        using var sam = await shop.SignedInAsync("sam");
        var name = $"Lamp {Guid.NewGuid():N}";
        using var offered = await sam.SendAsync(HttpMethod.Post, "/api/catalog/products", Products.Json(name));
        await offered.JsonAsync(HttpStatusCode.Created);

        using var found = await ada.GetAsync($"/api/catalog/products?q={Uri.EscapeDataString(name)}&inStock=true&limit=1");
        var product = (await found.JsonAsync()).GetProperty("items")[0];
        using var placed = await ada.OrderAsync(product.GetProperty("id").GetGuid(), 2);
        var order = await placed.JsonAsync(HttpStatusCode.Created);
        Assert.Equal("confirmed", order.GetProperty("state").GetString());
        Assert.Equal(2 * product.GetProperty("price").GetDecimal(), order.GetProperty("total").GetDecimal());

        // The Location leads back in, by the gateway.
        var path = placed.Headers.Location!.PathAndQuery;
        Assert.StartsWith(shop.Run.Place.Shop.AbsoluteUri, placed.Headers.Location.AbsoluteUri, StringComparison.Ordinal);
        using var read = await ada.GetAsync(path);
        Assert.Equal(order.GetRawText(), (await read.JsonAsync()).GetRawText());

        using var bob = await shop.SignedInAsync("bob");
        using var theirs = await bob.GetAsync(path);
        using var none = await bob.GetAsync($"/api/orders/{Guid.CreateVersion7()}");
        Assert.Equal(await none.ProblemAsync(HttpStatusCode.NotFound), await theirs.ProblemAsync(HttpStatusCode.NotFound));
        using var cancelTheirs = await bob.SendAsync(HttpMethod.Post, $"{path}/cancel");
        await cancelTheirs.ProblemAsync(HttpStatusCode.NotFound);
        using var guest = shop.Guest();
        using var unseen = await guest.GetAsync(path);
        await unseen.ProblemAsync(HttpStatusCode.Unauthorized);

        using var cancelled = await ada.SendAsync(HttpMethod.Post, $"{path}/cancel");
        Assert.Equal("cancelled", (await cancelled.JsonAsync()).GetProperty("state").GetString());
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Stock_is_taken_and_given_back()
    {
        using var sam = await shop.SignedInAsync("sam");
        using var alice = await shop.SignedInAsync("alice");
        var (id, _) = await Products.CreateAsync(sam, stock: 5);

        using var placed = await alice.OrderAsync(id, 3);
        var order = (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        Assert.Equal(2, await Products.StockAsync(sam, id));
        using var tooMany = await alice.OrderAsync(id, 3);
        Assert.Contains(id.ToString(), await tooMany.ProblemAsync(HttpStatusCode.Conflict), StringComparison.Ordinal);
        using var cancelled = await alice.SendAsync(HttpMethod.Post, $"/api/orders/{order}/cancel");
        await cancelled.JsonAsync();

        Assert.Equal(5, await Products.StockAsync(sam, id));
    }

    [Fact]
    public async Task A_variant_is_ordered_at_its_own_price_and_taken_from_its_own_stock()
    {
        using var sam = await shop.SignedInAsync("sam");
        using var alice = await shop.SignedInAsync("alice");
        using var guest = shop.Guest();
        using var created = await sam.SendAsync(
            HttpMethod.Post,
            "/api/catalog/products",
            Products.Json("Linen shirt", stock: 0, more: """
                ,"variants":[{"sku":"S-M","size":"M"},{"sku":"S-L","size":"L","price":44.90}]
                """));
        var product = await created.JsonAsync(HttpStatusCode.Created);
        var (id, large) = (product.GetProperty("id").GetGuid(), product.GetProperty("variants")[1].GetProperty("id").GetGuid());
        var stock = $"/api/catalog/products/{id}/stock?variant={large}";
        using var none = await sam.GetAsync(stock);
        using var counted = await sam.SendAsync(HttpMethod.Put, stock, """{"quantity":3}""", ("If-Match", none.Headers.ETag!.ToString()));
        await counted.JsonAsync();

        // Without saying which, nothing is bought.
        using var vague = await alice.OrderAsync(id);
        Assert.Contains(id.ToString(), await vague.ProblemAsync(HttpStatusCode.Conflict), StringComparison.Ordinal);
        using var placed = await alice.SendAsync(
            HttpMethod.Post, "/api/orders", $$"""{"lines":[{"productId":"{{id}}","variantId":"{{large}}","quantity":2}],"paymentMethod":"pm_ok"}""", ("Idempotency-Key", $"{Guid.NewGuid()}"));
        var order = await placed.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(89.80m, order.GetProperty("total").GetDecimal());
        Assert.Equal((large, "Linen shirt, L"), (order.GetProperty("lines")[0].GetProperty("variantId").GetGuid(), order.GetProperty("lines")[0].GetProperty("name").GetString()));
        using var left = await guest.GetAsync(stock);
        Assert.Equal(1, (await left.JsonAsync()).GetProperty("quantity").GetInt32());
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_double_click_is_one_order()
    {
        using var sam = await shop.SignedInAsync("sam");
        using var alice = await shop.SignedInAsync("alice");
        var (id, _) = await Products.CreateAsync(sam, stock: 50);
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => alice.OrderAsync(id, 1, key)));

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.StatusCode.ToString()));
        Assert.Equal(49, await Products.StockAsync(sam, id));
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task Support_sees_everybodys_orders_and_customers_do_not()
    {
        using var alice = await shop.SignedInAsync("alice");
        using var susan = await shop.SignedInAsync("susan");
        using var sam = await shop.SignedInAsync("sam");
        var (id, _) = await Products.CreateAsync(sam, stock: 5);
        using var placed = await alice.OrderAsync(id);
        var order = (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

        using var all = await susan.GetAsync("/api/orders/all");
        using var one = await susan.GetAsync($"/api/orders/{order}");
        using var refused = await alice.GetAsync("/api/orders/all");
        using var sellers = await sam.GetAsync("/api/orders/all");

        Assert.Contains(order, (await all.JsonAsync()).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
        await one.JsonAsync();
        await refused.ProblemAsync(HttpStatusCode.Forbidden);
        await sellers.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Practice", "P12")]
    public async Task A_token_with_fewer_scopes_does_less()
    {
        using var reader = await shop.SignedInAsync("bob", scope: "openid orders.read");

        using var list = await reader.GetAsync("/api/orders");
        using var order = await reader.OrderAsync(Guid.CreateVersion7());

        await list.JsonAsync();
        await order.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Contains("insufficient_scope", order.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }
}
