using System.Net;
using SecureShop.Catalog.Data;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

public sealed class EventTests(CatalogHost host)
{
    // Of one address so many events are written and no more, and other tests are refused a lot.
    private const string Address = "203.0.113.7";

    [Fact]
    [Trait("Practice", "P11")]
    [Trait("Practice", "P33")]
    public async Task Naming_another_sellers_product_leaves_an_event_and_naming_none_or_ones_own_leaves_none()
    {
        using var owner = host.Seller();
        var id = $"{Guid.NewGuid()}";
        using var other = host.As(TestTokens.Create("catalog", id, ["catalog.read", "catalog.write"], ["customer", "seller"]), Address);
        var product = await owner.Add(Sample.Product(published: false));

        (await other.Delete($"/products/{Guid.NewGuid()}")).Expect(HttpStatusCode.NotFound);
        Assert.Empty(Of(id));

        (await other.Get($"/products/{product.Id}")).Expect(HttpStatusCode.NotFound);
        (await other.Put($"/products/{product.Id}", Sample.Description("Stolen"), product.ETag)).Expect(HttpStatusCode.NotFound);
        (await other.Put($"/products/{product.Id}/stock", new { quantity = 0 }, product.ETag)).Expect(HttpStatusCode.NotFound);
        (await other.Delete($"/products/{product.Id}")).Expect(HttpStatusCode.NotFound);
        Assert.Equal(["GET", "PUT", "PUT", "DELETE"], Of(id).Select(one => one["Method"]));
        Assert.All(Of(id), one => Assert.Equal((1003, "OwnershipRefused", "not_owner"), (one.Id, one.Name, one["Reason"])));

        (await owner.Delete($"/products/{product.Id}")).Expect(HttpStatusCode.NoContent);
        Assert.Empty(Of((string)product.Body["sellerId"]!));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Asking_for_ones_own_products_without_being_a_seller_leaves_an_event()
    {
        var id = $"{Guid.NewGuid()}";
        using var customer = host.As(TestTokens.Create("catalog", id, ["catalog.read"], ["customer"]), Address);
        (await customer.Get("/products")).Expect(HttpStatusCode.OK);
        Assert.Empty(Of(id));

        // Of refusals to one address so many a second are told and no more, and AccessTests may use them all up: then again.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            (await customer.Get("/products?mine=true")).Expect(HttpStatusCode.Forbidden);
        }
        while (Of(id).Count == 0);
        Assert.Equal((1001, "missing_role"), (Assert.Single(Of(id)).Id, Of(id)[0]["Reason"]));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_event_and_no_other() => Assert.Empty(EventDocument.Differences([typeof(CatalogDbContext).Assembly], 3000, 3999, "secureshop.reservations"));

    private List<RecordedEvent> Of(string subject) => [.. host.Events.All.Where(one => one["Subject"] == subject)];
}
