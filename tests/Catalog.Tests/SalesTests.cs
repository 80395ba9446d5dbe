using System.Net;

namespace SecureShop.Catalog.Tests;

/// <summary>What a seller has sold: their own, all of it, and nothing of anybody else.</summary>
public sealed class SalesTests(CatalogHost host)
{
    [Fact]
    [Trait("Practice", "P16")]
    [Trait("Practice", "P17")]
    public async Task A_seller_sees_their_own_lines_and_no_others_and_nothing_of_the_buyer()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        using var other = host.Seller();
        using var admin = host.Admin();
        using var service = host.OrdersService();
        var mine = await seller.Add(Sample.Product("Walnut Ruler", price: 12.50m, stock: 9));
        var theirs = await other.Add(Sample.Product("Oak Ruler", price: 7, stock: 9));
        var order = Guid.NewGuid();
        (await service.Put($"/reservations/{order}", Sample.Lines((theirs.Id, 1), (mine.Id, 3)))).Expect(HttpStatusCode.OK);
        Assert.Empty((await seller.Get("/sales")).Expect(HttpStatusCode.OK).Items);
        (await service.Put($"/reservations/{order}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);

        var sale = Assert.Single((await seller.Get("/sales")).Expect(HttpStatusCode.OK).Items)!;
        Assert.Equal(
            ["currency", "name", "orderId", "productId", "quantity", "soldAt", "unitPrice"],
            sale.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(($"{order}", mine.Id, "Walnut Ruler", 3, 12.50m), ((string)sale["orderId"]!, (string)sale["productId"]!, (string)sale["name"]!, (int)sale["quantity"]!, (decimal)sale["unitPrice"]!));
        Assert.Equal(theirs.Id, (string)Assert.Single((await other.Get("/sales")).Items)!["productId"]!);

        // Nobody names a seller here, an admin as little as anybody.
        Assert.Empty((await admin.Get("/sales")).Expect(HttpStatusCode.OK).Items);
        (await other.Get($"/sales?seller={subject}")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_came_back_is_no_sale_and_a_product_that_is_gone_still_was_one()
    {
        using var seller = host.Seller();
        using var service = host.OrdersService();
        var product = await seller.Add(Sample.Product(price: 10));
        var (kept, cancelled) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var order in (Guid[])[kept, cancelled])
        {
            (await service.Put($"/reservations/{order}", Sample.Lines((product.Id, 1)))).Expect(HttpStatusCode.OK);
            (await service.Put($"/reservations/{order}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);
        }

        Assert.Equal(2, (await seller.Get("/sales")).Items.Count);
        (await service.Delete($"/reservations/{cancelled}")).Expect(HttpStatusCode.NoContent);

        // At the price of then, whatever became of the product.
        var now = await seller.Get($"/products/{product.Id}");
        (await seller.Put($"/products/{product.Id}", Sample.Description(price: 99), now.ETag)).Expect(HttpStatusCode.OK);
        (await seller.Delete($"/products/{product.Id}")).Expect(HttpStatusCode.NoContent);
        var sale = Assert.Single((await seller.Get("/sales")).Items)!;
        Assert.Equal(($"{kept}", 10m), ((string)sale["orderId"]!, (decimal)sale["unitPrice"]!));
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_skip_and_a_cursor_opens_nothing_of_others()
    {
        using var seller = host.Seller();
        using var other = host.Seller();
        using var service = host.OrdersService();
        var products = new[] { (await seller.Add(Sample.Product(stock: 99))).Id, (await seller.Add(Sample.Product(stock: 99))).Id };
        var sold = new List<string>();
        for (var index = 0; index < 7; index++)
        {
            var order = Guid.NewGuid();
            (await service.Put($"/reservations/{order}", Sample.Lines((products[0], 1), (products[1], 2)))).Expect(HttpStatusCode.OK);
            (await service.Put($"/reservations/{order}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);
            sold.InsertRange(0, [$"{order} {products[1]}", $"{order} {products[0]}"]);
        }

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await seller.Get($"/sales?limit=3{(after is null ? "" : $"&after={after}")}")).Expect(HttpStatusCode.OK);
            seen.AddRange(page.Items.Select(item => $"{(string)item!["orderId"]!} {(string)item["productId"]!}"));
            after = page.Next;
            if (after is not null)
                Assert.Empty((await other.Get($"/sales?after={after}")).Expect(HttpStatusCode.OK).Items);
        }
        while (after is not null && seen.Count < 50);

        Assert.Equal(sold, seen);
    }

    [Theory]
    [InlineData("after=x")]
    [InlineData("after=WyJhIiwiYiIsImMiXQ")]
    [InlineData("after=WyI5OTk5OTk5OTk5OTk5OTk5OTk5IiwiMDE5YThmMDAwMDAwNzAwMDgwMDAwMDAwMDAwMDAwMDEiLCIwIl0")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [Trait("Practice", "P23")]
    public async Task Wrong_parameters_are_refused(string query)
    {
        using var seller = host.Seller();
        Assert.Equal([query.Split('=')[0]], (await seller.Get($"/sales?{query}")).ExpectProblem(HttpStatusCode.BadRequest).Errors);
    }
}
