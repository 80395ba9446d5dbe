using System.Net;
using System.Text.Json.Nodes;

namespace SecureShop.Catalog.Tests;

public sealed class OwnershipTests(CatalogHost host)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Practice", "P11")]
    [Trait("Practice", "P16")]
    public async Task Another_sellers_product_cannot_be_told_from_none_when_changing(bool published)
    {
        using var owner = host.Seller();
        using var other = host.Seller();
        var product = await owner.Add(Sample.Product(published: published));

        foreach (var path in (string[])[$"/products/{product.Id}", $"/products/{product.Id}/stock"])
        {
            var isStock = path.EndsWith("stock", StringComparison.Ordinal);
            object body = isStock ? new { quantity = 0 } : Sample.Description("Stolen");
            var tag = isStock ? (await owner.Get(path)).ETag : product.ETag;
            var theirs = await other.Put(path, body, tag);
            var none = await other.Put(path.Replace(product.Id, $"{Guid.NewGuid()}", StringComparison.Ordinal), body, tag);
            theirs.ExpectProblem(HttpStatusCode.NotFound);
            Assert.Equal(Shape(none), Shape(theirs));

            // Not even without the header that a real change needs: 428 would say that it exists.
            (await other.Put(path, body)).ExpectProblem(HttpStatusCode.NotFound);
        }

        (await other.Delete($"/products/{product.Id}")).ExpectProblem(HttpStatusCode.NotFound);
        var after = await owner.Get($"/products/{product.Id}");
        Assert.Equal(product.Text, after.Text);
        Assert.Equal(product.ETag, after.ETag);
        Assert.Equal(10, await owner.Stock(product.Id));
    }

    [Fact]
    [Trait("Practice", "P11")]
    public async Task The_owner_and_an_admin_may_change_it_and_it_stays_the_owners()
    {
        using var owner = host.Seller();
        using var admin = host.Admin();
        var product = await owner.Add();

        var byOwner = (await owner.Put($"/products/{product.Id}", Sample.Description("Beech Ruler"), product.ETag)).Expect(HttpStatusCode.OK);
        var byAdmin = (await admin.Put($"/products/{product.Id}", Sample.Description("Oak Ruler"), byOwner.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal("Oak Ruler", (string)byAdmin.Body["name"]!);
        Assert.Equal((string)product.Body["sellerId"]!, (string)byAdmin.Body["sellerId"]!);
        (await owner.Delete($"/products/{product.Id}")).Expect(HttpStatusCode.NoContent);
        (await owner.Get($"/products/{product.Id}")).ExpectProblem(HttpStatusCode.NotFound);
        (await owner.Delete($"/products/{product.Id}")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task A_draft_exists_for_its_owner_and_admins_alone()
    {
        var name = $"Draft {Guid.NewGuid():N}";
        using var owner = host.Seller();
        var product = await owner.Add(Sample.Product(name, published: false));

        using var admin = host.Admin();
        (await owner.Get($"/products/{product.Id}")).Expect(HttpStatusCode.OK);
        (await admin.Get($"/products/{product.Id}")).Expect(HttpStatusCode.OK);

        using var other = host.Seller();
        using var guest = host.Guest();
        foreach (var caller in (Caller[])[other, guest])
        {
            var hidden = await caller.Get($"/products/{product.Id}");
            var none = await caller.Get($"/products/{Guid.NewGuid()}");
            hidden.ExpectProblem(HttpStatusCode.NotFound);
            Assert.Equal(Shape(none), Shape(hidden));
            Assert.Null(hidden.Headers.ETag);
            Assert.Empty((await caller.Get($"/products?q={Uri.EscapeDataString(name)}")).Items);
            Assert.Empty((await caller.Get($"/products?seller={product.Body["sellerId"]}")).Items);
        }

        Assert.Single((await owner.Get("/products?mine=true")).Items);
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task Mine_is_for_sellers()
    {
        using var guest = host.Guest();
        (await guest.Get("/products?mine=true")).ExpectProblem(HttpStatusCode.Unauthorized);
        using var customer = host.As(Testing.TestTokens.Create("catalog", $"{Guid.NewGuid()}", ["catalog.read"], ["customer"]));
        (await customer.Get("/products?mine=true")).ExpectProblem(HttpStatusCode.Forbidden);
        using var service = host.As(Testing.TestTokens.Create("catalog", null, ["catalog.read"]));
        (await service.Get("/products?mine=true")).ExpectProblem(HttpStatusCode.Unauthorized);

        using var seller = host.Seller();
        using var other = host.Seller();
        await other.Add();
        var own = await seller.Add();
        Assert.Equal(own.Id, (string)Assert.Single((await seller.Get("/products?mine=true")).Items)!["id"]!);
    }

    /// <summary>An answer without what differs by nature.</summary>
    private static string Shape(Reply reply)
    {
        var body = reply.Body.AsObject();
        body["traceId"] = JsonValue.Create("any");
        return $"{reply.Status} {string.Join(',', reply.Headers.Select(header => header.Key).Order(StringComparer.Ordinal))} {body.ToJsonString()}";
    }
}
