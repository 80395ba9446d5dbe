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
