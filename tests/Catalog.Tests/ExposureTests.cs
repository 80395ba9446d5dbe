using System.Net;
using System.Text.Json.Nodes;

namespace SecureShop.Catalog.Tests;

/// <summary>What is in an answer, to the field (P17), and what cannot be put into a request (P18).</summary>
public sealed class ExposureTests(CatalogHost host)
{
    private static readonly string[] Public = ["category", "currency", "description", "id", "images", "language", "name", "price", "sellerId", "variants"];

    private static readonly string[] Own =
        ["category", "cost", "createdAt", "currency", "description", "id", "images", "language", "name", "price", "published", "sellerId", "supplier", "updatedAt", "variants"];

    [Fact]
    [Trait("Practice", "P17")]
    public async Task Private_fields_are_for_the_owner_and_admins()
    {
        using var owner = host.Seller();
        using var admin = host.Admin();
        using var other = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add();
        var seller = (string)product.Body["sellerId"]!;

        Assert.Equal(Own, Fields(product.Body));
        Assert.Equal(Own, Fields((await owner.Get($"/products/{product.Id}")).Body));
        Assert.Equal(Own, Fields((await admin.Get($"/products/{product.Id}")).Body));
        Assert.Equal(Own, Fields((await owner.Get("/products?mine=true")).Items.Single()!));

        Assert.Equal(Public, Fields((await other.Get($"/products/{product.Id}")).Body));
        Assert.Equal(Public, Fields((await guest.Get($"/products/{product.Id}")).Body));
        foreach (var caller in (Caller[])[owner, admin, other, guest])
            Assert.Equal(Public, Fields((await caller.Get($"/products?seller={seller}")).Items.Single()!));
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task An_answer_with_private_fields_may_not_be_shared_by_a_cache()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add();
        var own = await owner.Get($"/products/{product.Id}");
        var open = await guest.Get($"/products/{product.Id}");

        Assert.True(own.Headers.CacheControl!.Private);
        Assert.Contains("Authorization", own.Headers.Vary);
        Assert.Contains("Authorization", open.Headers.Vary);

        // The tag of one view is not a way to the other.
        Assert.NotEqual(own.ETag, open.ETag);
        (await guest.Get($"/products/{product.Id}", own.ETag)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task How_many_there_are_is_everyones_to_see_and_when_that_changed_is_not()
    {
        using var owner = host.Seller();
        using var admin = host.Admin();
        using var other = host.Seller();
        using var guest = host.Guest();
        using var service = host.OrdersService();
        var product = await owner.Add();
        var path = $"/products/{product.Id}/stock";
        foreach (var caller in (Caller[])[owner, admin])
            Assert.Equal(["productId", "quantity", "updatedAt", "variantId"], Fields((await caller.Get(path)).Expect(HttpStatusCode.OK).Body));
        var before = await guest.Get(path);
        foreach (var caller in (Caller[])[other, guest])
            Assert.Equal(["productId", "quantity", "variantId"], Fields((await caller.Get(path)).Expect(HttpStatusCode.OK).Body));

        // Nor is it in the public tag: a sale that was given back has never been.
        var order = $"/reservations/{Guid.NewGuid()}";
        (await service.Put(order, Sample.Lines((product.Id, 1)))).Expect(HttpStatusCode.OK);
        (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        Assert.Equal((before.ETag, before.Text), ((await guest.Get(path)).ETag, (await guest.Get(path)).Text));
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task The_stock_of_a_draft_is_its_owners_and_admins_to_see()
    {
        using var owner = host.Seller();
        using var admin = host.Admin();
        using var other = host.Seller();
        using var guest = host.Guest();
        var path = $"/products/{(await owner.Add(Sample.Product(published: false))).Id}/stock";
        foreach (var caller in (Caller[])[other, guest])
            (await caller.Get(path)).ExpectProblem(HttpStatusCode.NotFound);
        foreach (var caller in (Caller[])[owner, admin])
            (await caller.Get(path)).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("id", "\"019a8f00-0000-7000-8000-000000000001\"")]
    [InlineData("sellerId", "\"019a8f00-0000-7000-8000-000000000001\"")]
    [InlineData("ownerId", "\"x\"")]
    [InlineData("version", "1")]
    [InlineData("createdAt", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("Name", "\"other case\"")]
    [InlineData("__proto__", "{}")]
    [InlineData("$type", "\"Product\"")]
    [Trait("Practice", "P18")]
    public async Task A_field_that_is_not_the_callers_to_set_is_refused(string field, string value)
    {
        using var seller = host.Seller();
        var product = await seller.Add();
        var body = Sample.With(field, JsonNode.Parse(value));

        (await seller.Post("/products", body)).ExpectProblem(HttpStatusCode.BadRequest);
        (await seller.Put($"/products/{product.Id}", Sample.Described(body), product.ETag)).ExpectProblem(HttpStatusCode.BadRequest);
        (await seller.Put($"/products/{product.Id}/stock", new JsonObject { ["quantity"] = 1, [field] = JsonNode.Parse(value) }, "*"))
            .ExpectProblem(HttpStatusCode.BadRequest);

        Assert.Single((await seller.Get("/products?mine=true")).Items);
        Assert.Equal(product.Text, (await seller.Get($"/products/{product.Id}")).Text);
    }

    private static IEnumerable<string> Fields(JsonNode node) => node.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal);
}
