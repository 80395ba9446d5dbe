using System.Net;

namespace SecureShop.Catalog.Tests;

public sealed class ReservationTests(CatalogHost host)
{
    [Fact]
    public async Task Stock_is_taken_once_at_the_price_of_that_moment()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(price: 12.50m, stock: 5));
        var order = $"/reservations/{Guid.NewGuid()}";

        var first = (await service.Put(order, Sample.Lines((product.Id, 2)))).Expect(HttpStatusCode.OK);
        var line = Assert.Single(first.Body["lines"]!.AsArray())!;
        Assert.Equal(["currency", "name", "productId", "quantity", "sellerId", "unitPrice", "variantId"], line.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(12.50m, (decimal)line["unitPrice"]!);
        Assert.Equal((string)product.Body["sellerId"]!, (string)line["sellerId"]!);
        Assert.Equal(3, await Stock(owner, product.Id));

        // The price goes up and the order is sent again: the same answer, no more stock.
        var now = await owner.Get($"/products/{product.Id}");
        (await owner.Put($"/products/{product.Id}", Sample.Description(price: 99), now.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal(first.Text, (await service.Put(order, Sample.Lines((product.Id, 2)))).Expect(HttpStatusCode.OK).Text);
        Assert.Equal(3, await Stock(owner, product.Id));

        (await service.Put(order, Sample.Lines((product.Id, 1)))).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal(3, await Stock(owner, product.Id));
    }

    [Fact]
    public async Task Lines_come_back_in_the_order_they_were_sent()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var ids = new[] { (await owner.Add()).Id, (await owner.Add()).Id, (await owner.Add()).Id };
        var order = $"/reservations/{Guid.NewGuid()}";
        var reply = await service.Put(order, Sample.Lines((ids[2], 1), (ids[0], 2), (ids[1], 3)));
        Assert.Equal([ids[2], ids[0], ids[1]], reply.Body["lines"]!.AsArray().Select(line => (string)line!["productId"]!));

        // The same lines in another order are the same reservation.
        Assert.Equal(reply.Text, (await service.Put(order, Sample.Lines((ids[0], 2), (ids[1], 3), (ids[2], 1)))).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Short_of_one_line_nothing_is_taken()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var plenty = await owner.Add(Sample.Product(stock: 9));
        var little = await owner.Add(Sample.Product(stock: 1));
        var draft = await owner.Add(Sample.Product(published: false));
        var order = $"/reservations/{Guid.NewGuid()}";

        foreach (var missing in (string[])[little.Id, draft.Id, $"{Guid.NewGuid()}"])
        {
            var reply = (await service.Put(order, Sample.Lines((plenty.Id, 2), (missing, 2)))).ExpectProblem(HttpStatusCode.Conflict);
            Assert.Equal(missing, (string)reply.Body["productId"]!);
        }

        Assert.Equal(9, await Stock(owner, plenty.Id));
        Assert.Equal(1, await Stock(owner, little.Id));

        // The refusal left no mark: the order may try again.
        (await service.Put(order, Sample.Lines((plenty.Id, 2)))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Stock_is_given_back_once_however_often_it_is_asked_for()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 5));
        var order = $"/reservations/{Guid.NewGuid()}";
        (await service.Put(order, Sample.Lines((product.Id, 5)))).Expect(HttpStatusCode.OK);

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.Delete(order)));
        Assert.All(replies, reply => reply.Expect(HttpStatusCode.NoContent));
        Assert.Equal(5, await Stock(owner, product.Id));
        (await service.Put(order, Sample.Lines((product.Id, 5)))).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal(5, await Stock(owner, product.Id));
    }

    [Fact]
    public async Task A_take_that_its_own_release_overtook_takes_nothing()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 5));
        var order = $"/reservations/{Guid.NewGuid()}";
        (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        (await service.Put(order, Sample.Lines((product.Id, 1)))).ExpectProblem(HttpStatusCode.Conflict);
        Assert.Equal(5, await Stock(owner, product.Id));
    }

    [Fact]
    public async Task Giving_back_survives_a_deleted_product()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var gone = await owner.Add();
        var kept = await owner.Add(Sample.Product(stock: 4));
        var order = $"/reservations/{Guid.NewGuid()}";
        (await service.Put(order, Sample.Lines((gone.Id, 1), (kept.Id, 3)))).Expect(HttpStatusCode.OK);
        (await owner.Delete($"/products/{gone.Id}")).Expect(HttpStatusCode.NoContent);
        (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        Assert.Equal(4, await Stock(owner, kept.Id));
    }

    [Fact]
    public async Task Racing_orders_get_exactly_what_there_is()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var first = await owner.Add(Sample.Product(stock: 7));
        var second = await owner.Add(Sample.Product(stock: 100));

        // Half of them name the products the other way round, which would deadlock without one order of locking.
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(index => service.Put(
            $"/reservations/{Guid.NewGuid()}",
            index % 2 == 0 ? Sample.Lines((first.Id, 1), (second.Id, 1)) : Sample.Lines((second.Id, 1), (first.Id, 1)))));

        Assert.Equal(7, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(23, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
        Assert.Equal(0, await Stock(owner, first.Id));
        Assert.Equal(93, await Stock(owner, second.Id));
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Racing_copies_of_one_order_take_once()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 50));
        var order = $"/reservations/{Guid.NewGuid()}";
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => service.Put(order, Sample.Lines((product.Id, 5)))));
        Assert.All(replies, reply => reply.Expect(HttpStatusCode.OK));
        Assert.Single(replies.Select(reply => reply.Text).Distinct(StringComparer.Ordinal));
        Assert.Equal(45, await Stock(owner, product.Id));
    }

    [Theory]
    [InlineData("""{"lines":[]}""")]
    [InlineData("""{"lines":null}""")]
    [InlineData("""{"lines":[null]}""")]
    [InlineData("""{}""")]
    [InlineData("""{"lines":[{"productId":"019a8f00-0000-7000-8000-000000000001","quantity":0}]}""")]
    [InlineData("""{"lines":[{"productId":"019a8f00-0000-7000-8000-000000000001","quantity":-3}]}""")]
    [InlineData("""{"lines":[{"productId":"019a8f00-0000-7000-8000-000000000001","quantity":100}]}""")]
    [InlineData("""{"lines":[{"productId":"019a8f00-0000-7000-8000-000000000001","quantity":1.5}]}""")]
    [InlineData("""{"lines":[{"productId":"019a8f00-0000-7000-8000-000000000001","quantity":1,"unitPrice":0}]}""")]
    [InlineData("""{"lines":[{"productId":"019a8f00-0000-7000-8000-000000000001","quantity":1},{"productId":"019a8f00-0000-7000-8000-000000000001","quantity":1}]}""")]
    [InlineData("""{"lines":[{"productId":"x","quantity":1}]}""")]
    [Trait("Practice", "P23")]
    public async Task Wrong_lines_are_refused(string body)
    {
        using var service = host.OrdersService();
        (await service.Put($"/reservations/{Guid.NewGuid()}", body)).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task Fifty_lines_are_the_most()
    {
        using var service = host.OrdersService();
        object Lines(int count) => Sample.Lines([.. Enumerable.Range(0, count).Select(_ => ($"{Guid.NewGuid()}", 1))]);
        (await service.Put($"/reservations/{Guid.NewGuid()}", Lines(50))).ExpectProblem(HttpStatusCode.Conflict);
        (await service.Put($"/reservations/{Guid.NewGuid()}", Lines(51))).ExpectProblem(HttpStatusCode.BadRequest);
    }

    private static Task<int> Stock(Caller owner, string id) => owner.Stock(id);
}
