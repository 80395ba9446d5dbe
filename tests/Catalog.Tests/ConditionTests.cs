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

        (await owner.Put($"/products/{product.Id}/stock", new { quantity = 1 }, product.ETag)).Expect(HttpStatusCode.OK);
        (await guest.Get($"/products/{product.Id}", read.ETag)).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/stock")]
    public async Task A_change_needs_the_version_that_was_read(string part)
    {
        using var owner = host.Seller();
        var product = await owner.Add();
        var path = $"/products/{product.Id}{part}";
        object body = part.Length == 0 ? Sample.Product("Oak Ruler") : new { quantity = 4 };

        (await owner.Put(path, body)).ExpectProblem(HttpStatusCode.PreconditionRequired);
        (await owner.Put(path, body, "\"0\"")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Put(path, body, "nonsense")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Put(path, body, $"W/{product.ETag}")).ExpectProblem(HttpStatusCode.PreconditionFailed);
        Assert.Equal(product.Text, (await owner.Get($"/products/{product.Id}")).Text);

        var changed = (await owner.Put(path, body, $"\"0\", {product.ETag}")).Expect(HttpStatusCode.OK);
        Assert.NotEqual(product.ETag, changed.ETag);
        (await owner.Put(path, body, product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
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
            owner.Put($"/products/{product.Id}", Sample.Product($"Ruler {index}"), product.ETag)));

        var winner = Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.All(replies.Where(reply => reply != winner), reply => reply.ExpectProblem(HttpStatusCode.PreconditionFailed));
        var after = await owner.Get($"/products/{product.Id}");
        Assert.Equal(winner.Text, after.Text);
        Assert.Equal(winner.ETag, after.ETag);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sale_is_no_change_of_the_product_that_its_seller_describes(bool released)
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 10));
        var order = $"/reservations/{Guid.NewGuid()}";
        (await service.Put(order, Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);
        if (released)
            (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        var left = released ? 10 : 6;

        // With the tag from before the sale: the new price, and the stock that there is.
        var dearer = Sample.Product(price: 99);
        dearer.Remove("stock");
        var changed = (await owner.Put($"/products/{product.Id}", dearer, product.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal((99m, left), ((decimal)changed.Body["price"]!, (int)changed.Body["stock"]!));
        Assert.Equal(changed.Text, (await owner.Get($"/products/{product.Id}")).Text);

        // But it is once more, and never twice.
        (await owner.Put($"/products/{product.Id}", dearer, product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await owner.Delete($"/products/{product.Id}", product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 1)))).Expect(HttpStatusCode.OK);
        (await owner.Delete($"/products/{product.Id}", changed.ETag)).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_new_price_does_not_make_a_count_stale()
    {
        using var owner = host.Seller();
        var product = await owner.Add(Sample.Product(stock: 10));
        var dearer = Sample.Product(price: 99);
        dearer.Remove("stock");
        (await owner.Put($"/products/{product.Id}", dearer, product.ETag)).Expect(HttpStatusCode.OK);
        var counted = (await owner.Put($"/products/{product.Id}/stock", new { quantity = 12 }, product.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal((99m, 12), ((decimal)counted.Body["price"]!, (int)counted.Body["stock"]!));
    }

    [Fact]
    public async Task A_replacement_that_sets_the_stock_must_have_seen_it()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 10));
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);

        (await owner.Put($"/products/{product.Id}", Sample.Product(stock: 10), product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        var now = await owner.Get($"/products/{product.Id}");
        Assert.Equal(6, (int)now.Body["stock"]!);
        var replaced = (await owner.Put($"/products/{product.Id}", Sample.Product(stock: 20), now.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal(20, (int)replaced.Body["stock"]!);
        (await owner.Put($"/products/{product.Id}/stock", new { quantity = 1 }, now.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_tag_fits_what_is_shown_and_a_sale_is_shown()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        using var service = host.OrdersService();
        var product = await owner.Add();
        var seen = await guest.Get($"/products/{product.Id}");
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);
        foreach (var (caller, before) in new[] { (owner, product), (guest, seen) })
        {
            var after = (await caller.Get($"/products/{product.Id}", before.ETag)).Expect(HttpStatusCode.OK);
            Assert.NotEqual(before.ETag, after.ETag);
            Assert.Equal(6, (int)after.Body["stock"]!);
            (await caller.Get($"/products/{product.Id}", after.ETag)).Expect(HttpStatusCode.NotModified);
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
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1.1.1")]
    [InlineData("01.01")]
    [InlineData("+1.1")]
    [InlineData("1.a-p")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData(".")]
    public async Task A_made_up_tag_or_that_of_the_public_view_allows_no_change(string tag)
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add();
        var shown = await guest.Get($"/products/{product.Id}");
        foreach (var wrong in new[] { $"\"{tag}\"", shown.ETag, "" })
        {
            (await owner.Put($"/products/{product.Id}", Sample.Product(), wrong)).ExpectProblem(HttpStatusCode.PreconditionFailed);
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
            var dearer = Sample.Product(price: price);
            dearer.Remove("stock");
            tag = (await owner.Put($"/products/{product.Id}", dearer, tag)).Expect(HttpStatusCode.OK).ETag;
        }

        Assert.All(await Task.WhenAll(sales), sale => sale.Expect(HttpStatusCode.OK));
        var after = await owner.Get($"/products/{product.Id}");
        Assert.Equal((5m, 90), ((decimal)after.Body["price"]!, (int)after.Body["stock"]!));
    }

    [Fact]
    public async Task A_sale_makes_a_stale_count_fail()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 10));
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);

        (await owner.Put($"/products/{product.Id}/stock", new { quantity = 12 }, product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        Assert.Equal(6, (int)(await owner.Get($"/products/{product.Id}")).Body["stock"]!);
    }
}
