using System.Net;

namespace SecureShop.Catalog.Tests;

/// <summary>ETag, If-None-Match, If-Match.</summary>
public sealed class ConditionTests(CatalogHost host)
{
    [Fact]
    public async Task An_unchanged_product_is_not_sent_again()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add();
        var read = await guest.Get($"/products/{product.Id}");

        var again = (await guest.Get($"/products/{product.Id}", read.ETag)).Expect(HttpStatusCode.NotModified);
        Assert.Empty(again.Text);
        Assert.Equal(read.ETag, again.ETag);
        (await guest.Get($"/products/{product.Id}", $"\"other\", W/{read.ETag}")).Expect(HttpStatusCode.NotModified);
        (await guest.Get($"/products/{product.Id}", "\"other\"")).Expect(HttpStatusCode.OK);
        (await guest.Get($"/products/{product.Id}", "nonsense")).Expect(HttpStatusCode.OK);

        (await owner.Put($"/products/{product.Id}", Sample.Description("Oak Ruler"), product.ETag)).Expect(HttpStatusCode.OK);
        (await guest.Get($"/products/{product.Id}", read.ETag)).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/stock")]
    public async Task A_change_needs_the_version_that_was_read(string part)
    {
        using var owner = host.Seller();
        var path = $"/products/{(await owner.Add()).Id}{part}";
        var read = await owner.Get(path);
        object body = part.Length == 0 ? Sample.Description("Oak Ruler") : new { quantity = 4 };

        (await owner.Put(path, body)).ExpectProblem(HttpStatusCode.PreconditionRequired);
        (await owner.Put(path, body, "\"0\"")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Put(path, body, "nonsense")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Put(path, body, $"W/{read.ETag}")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        Assert.Equal(read.Text, (await owner.Get(path)).Text);

        var changed = (await owner.Put(path, body, $"\"0\", {read.ETag}")).Expect(HttpStatusCode.OK);
        Assert.NotEqual(read.ETag, changed.ETag);
        Assert.Equal((changed.ETag, changed.Text), ((await owner.Get(path)).ETag, (await owner.Get(path)).Text));
        (await owner.Put(path, body, read.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Put(path, body, "*")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_delete_may_name_the_version()
    {
        using var owner = host.Seller();
        var product = await owner.Add();
        (await owner.Delete($"/products/{product.Id}", "\"0\"")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Delete($"/products/{product.Id}", product.ETag)).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_racing_changes_of_one_version_exactly_one_wins()
    {
        using var owner = host.Seller();
        var product = await owner.Add();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(index =>
            owner.Put($"/products/{product.Id}", Sample.Description($"Ruler {index}"), product.ETag)));

        var winner = Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.All(replies.Where(reply => reply != winner), reply => reply.ExpectProblem(HttpStatusCode.PreconditionFailed));
        var after = await owner.Get($"/products/{product.Id}");
        Assert.Equal(winner.Text, after.Text);
        Assert.Equal(winner.ETag, after.ETag);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sale_is_no_change_of_the_product(bool released)
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 10));
        var seen = await guest.Get($"/products/{product.Id}");
        var order = $"/reservations/{Guid.NewGuid()}";
        (await service.Put(order, Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);
        if (released)
            (await service.Delete(order)).Expect(HttpStatusCode.NoContent);

        // Whoever has a copy has a good one.
        (await owner.Get($"/products/{product.Id}", product.ETag)).Expect(HttpStatusCode.NotModified);
        (await guest.Get($"/products/{product.Id}", seen.ETag)).Expect(HttpStatusCode.NotModified);
        Assert.Equal(product.Text, (await owner.Get($"/products/{product.Id}")).Text);
        Assert.Equal(released ? 10 : 6, await owner.Stock(product.Id));

        // With the tag from before the sale: once, and never twice.
        var changed = (await owner.Put($"/products/{product.Id}", Sample.Description(price: 99), product.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal(released ? 10 : 6, await owner.Stock(product.Id));
        (await owner.Put($"/products/{product.Id}", Sample.Description(price: 98), product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Delete($"/products/{product.Id}", product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 1)))).Expect(HttpStatusCode.OK);
        (await owner.Delete($"/products/{product.Id}", changed.ETag)).Expect(HttpStatusCode.NoContent);
        (await owner.Get($"/products/{product.Id}/stock")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_new_price_does_not_make_a_count_stale_and_a_count_no_description()
    {
        using var owner = host.Seller();
        var product = await owner.Add(Sample.Product(stock: 10));
        var stock = await owner.Get($"/products/{product.Id}/stock");
        var dearer = (await owner.Put($"/products/{product.Id}", Sample.Description(price: 99), product.ETag)).Expect(HttpStatusCode.OK);
        (await owner.Count(product.Id, 12, stock.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal((dearer.ETag, dearer.Text), ((await owner.Get($"/products/{product.Id}")).ETag, (await owner.Get($"/products/{product.Id}")).Text));
    }

    [Fact]
    public async Task The_tag_of_a_product_is_none_of_its_stock_nor_the_other_way_round()
    {
        using var owner = host.Seller();
        var product = await owner.Add();
        var stock = await owner.Get($"/products/{product.Id}/stock");
        (await owner.Count(product.Id, 1, product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Put($"/products/{product.Id}", Sample.Description(), stock.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Delete($"/products/{product.Id}", stock.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_replacement_has_no_stock_to_set()
    {
        using var owner = host.Seller();
        var product = await owner.Add(Sample.Product(stock: 10));
        (await owner.Put($"/products/{product.Id}", Sample.Product(stock: 20), product.ETag)).ExpectProblem(HttpStatusCode.BadRequest);
        Assert.Equal(10, await owner.Stock(product.Id));
    }

    [Fact]
    public async Task A_tag_of_the_stock_fits_what_is_shown_and_a_sale_is_shown()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 10));
        var path = $"/products/{product.Id}/stock";
        var (own, seen) = (await owner.Get(path), await guest.Get(path));
        Assert.NotEqual(own.ETag, seen.ETag);
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);
        foreach (var (caller, before) in new[] { (owner, own), (guest, seen) })
        {
            var after = (await caller.Get(path, before.ETag)).Expect(HttpStatusCode.OK);
            Assert.Equal(6, (int)after.Body["quantity"]!);
            (await caller.Get(path, after.ETag)).Expect(HttpStatusCode.NotModified);
        }
    }

    [Fact]
    public async Task A_tag_tells_nothing_of_what_others_do()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var one = await owner.Add();
        var two = await owner.Add();
        Assert.Equal(one.ETag, two.ETag);
        Assert.Equal((await guest.Get($"/products/{one.Id}")).ETag, (await guest.Get($"/products/{two.Id}")).ETag);
    }

    [Theory]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1.1")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("s01")]
    [InlineData("S1")]
    [InlineData("1-p")]
    [InlineData("sa-p")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData(".")]
    public async Task A_made_up_tag_or_that_of_the_public_view_allows_no_change(string tag)
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add();
        var shown = await guest.Get($"/products/{product.Id}");
        var stock = await guest.Get($"/products/{product.Id}/stock");
        foreach (var wrong in new[] { $"\"{tag}\"", shown.ETag, stock.ETag, "" })
        {
            (await owner.Put($"/products/{product.Id}", Sample.Description(), wrong)).ExpectProblem(HttpStatusCode.PreconditionFailed);
            (await owner.Put($"/products/{product.Id}/stock", new { quantity = 1 }, wrong)).ExpectProblem(HttpStatusCode.PreconditionFailed);
            (await owner.Delete($"/products/{product.Id}", wrong)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        }
    }

    [Fact]
    public async Task Sales_and_descriptions_at_once_all_take_place()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 100));
        var sales = Enumerable.Range(0, 10).Select(_ => service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 1)))).ToList();
        var tag = product.ETag;
        for (var price = 1; price <= 5; price++)
        {
            tag = (await owner.Put($"/products/{product.Id}", Sample.Description(price: price), tag)).Expect(HttpStatusCode.OK).ETag;
        }

        Assert.All(await Task.WhenAll(sales), sale => sale.Expect(HttpStatusCode.OK));
        Assert.Equal((5m, 90), ((decimal)(await owner.Get($"/products/{product.Id}")).Body["price"]!, await owner.Stock(product.Id)));
    }

    [Fact]
    public async Task A_sale_makes_a_stale_count_fail()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 10));
        var read = await owner.Get($"/products/{product.Id}/stock");
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);

        (await owner.Count(product.Id, 12, read.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        Assert.Equal(6, await owner.Stock(product.Id));
    }
}
