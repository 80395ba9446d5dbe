using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Sellers change their own products, and nobody else's.</summary>
public sealed class SellerTests(ShopSystem shop)
{
    [Fact]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P16")]
    public async Task A_seller_changes_only_own_products()
    {
        using var sam = await shop.SignedInAsync("sam");
        using var selma = await shop.SignedInAsync("selma");
        using var alice = await shop.SignedInAsync("alice");
        var (id, tag) = await Products.CreateAsync(sam, stock: 5);

        using var others = await selma.SendAsync(HttpMethod.Put, $"/api/catalog/products/{id}", Products.Description("Stolen lamp"), ("If-Match", tag));
        using var othersDelete = await selma.SendAsync(HttpMethod.Delete, $"/api/catalog/products/{id}", json: null, ("If-Match", tag));
        using var customers = await alice.SendAsync(HttpMethod.Put, $"/api/catalog/products/{id}", Products.Description("Stolen lamp"), ("If-Match", tag));
        using var own = await sam.SendAsync(HttpMethod.Put, $"/api/catalog/products/{id}", Products.Description("Copper desk lamp"), ("If-Match", tag));

        await others.ProblemAsync(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
        await othersDelete.ProblemAsync(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
        await customers.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.True(own.IsSuccessStatusCode, own.StatusCode.ToString());
        using var guest = shop.Guest();
        using var read = await guest.GetAsync($"/api/catalog/products/{id}");
        Assert.Equal("Copper desk lamp", (await read.JsonAsync()).GetProperty("name").GetString());
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task Cost_and_supplier_are_their_owners_to_see()
    {
        using var sam = await shop.SignedInAsync("sam");
        using var created = await sam.SendAsync(
            HttpMethod.Post, "/api/catalog/products", Products.Json(more: ""","cost":12.34,"supplier":"Lampworks of Leeds" """));
        var id = (await created.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var guest = shop.Guest();
        using var selma = await shop.SignedInAsync("selma");

        using var own = await sam.GetAsync($"/api/catalog/products/{id}");
        using var publics = await guest.GetAsync($"/api/catalog/products/{id}");
        using var rivals = await selma.GetAsync($"/api/catalog/products/{id}");

        Assert.Equal(12.34m, (await own.JsonAsync()).GetProperty("cost").GetDecimal());
        Assert.DoesNotContain("Lampworks", (await publics.JsonAsync()).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Lampworks", (await rivals.JsonAsync()).GetRawText(), StringComparison.Ordinal);
    }
}
