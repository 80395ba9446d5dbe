using System.Net;

namespace SecureShop.Catalog.Tests;

public sealed class ServiceTests(CatalogHost host)
{
    [Fact]
    [Trait("Practice", "P38")]
    public async Task Without_Redis_categories_are_still_counted_and_the_service_is_ready()
    {
        using var guest = host.Guest();
        var categories = (await guest.Get("/categories")).Expect(HttpStatusCode.OK).Body.AsArray();
        Assert.Equal(14, categories.Count);
        Assert.All(categories, category => Assert.Equal(["id", "name", "products"], category!.AsObject().Select(field => field.Key)));
        Assert.All(categories, category => Assert.True((int)category!["products"]! > 20));
        (await guest.Get("/health/ready")).Expect(HttpStatusCode.OK);
        (await guest.Get("/health/live")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task The_document_describes_each_route()
    {
        using var guest = host.Guest();
        var paths = (await guest.Get("/openapi/v1.json")).Expect(HttpStatusCode.OK).Body["paths"]!.AsObject();
        Assert.Equal(
            ["/categories", "/products", "/products/{id}", "/products/{id}/stock", "/reservations/{orderId}", "/reservations/{orderId}/confirmed", "/sales"],
            paths.Select(path => path.Key.TrimEnd('/')).Order(StringComparer.Ordinal));
    }
}
