using System.Net;
using SecureShop.Orders.Tests.Support;

namespace SecureShop.Orders.Tests;

/// <summary>Which of a product's variants was ordered: asked of the catalog, kept with the line, and shown.</summary>
public sealed class VariantTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_variant_that_was_named_is_reserved_kept_and_shown()
    {
        var (shirt, mug, variant) = (host.Catalog.Add("Shirt"), host.Catalog.Add("Mug"), Guid.CreateVersion7());
        var customer = host.Customer();

        // The catalog answers which one it took; another than was asked is not believed.
        using var placed = await customer.PlaceAsync(new TestPurchase([new(shirt.Id, 1, variant), new(mug.Id, 2)]));
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        var order = await placed.JsonAsync();
        using var read = await customer.GetAsync($"/{order.GetProperty("id").GetGuid()}");
        foreach (var shown in new[] { order, await read.JsonAsync() })
        {
            Assert.Equal(
                [$"{variant}", null],
                shown.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("variantId").GetString()));
        }
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Another_variant_under_the_same_key_is_another_request()
    {
        var (shirt, variant) = (host.Catalog.Add("Shirt"), Guid.CreateVersion7());
        var customer = host.Customer();
        var key = $"{Guid.NewGuid()}";
        using var first = await customer.PlaceAsync(new TestPurchase([new(shirt.Id, 1, variant)]), key);
        using var same = await customer.PlaceAsync(new TestPurchase([new(shirt.Id, 1, variant)]), key);
        using var other = await customer.PlaceAsync(new TestPurchase([new(shirt.Id, 1, Guid.CreateVersion7())]), key);
        using var none = await customer.PlaceAsync(new TestPurchase([new(shirt.Id, 1)]), key);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancelled), await same.Content.ReadAsStringAsync(Cancelled));
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        await none.ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("1")]
    [InlineData("[]")]
    public async Task What_is_no_id_is_refused(string variant)
    {
        using var refused = await host.Customer().PlaceJsonAsync(
            $$"""{"lines":[{"productId":"{{host.Catalog.Add().Id}}","variantId":{{variant}},"quantity":1}],"paymentMethod":"pm_ok"}""");
        await refused.ProblemAsync(HttpStatusCode.BadRequest);
    }
}
