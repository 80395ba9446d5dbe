using System.Net;
using System.Text.Json.Nodes;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>Kinds of one product, each counted and bought by itself.</summary>
public sealed class VariantTests(CatalogHost host)
{
    [Fact]
    public async Task Each_has_its_own_number_options_price_and_stock_and_everyone_sees_them()
    {
        using var owner = host.Seller();
        using var guest = host.Guest();
        var product = await owner.Add(With(Variant("R-M", "M", "red"), Variant("R-L", "L", "red", 14.5m)));
        var list = $"/products?seller={product.Body["sellerId"]}";
        foreach (var shown in (JsonNode[])[product.Body, (await guest.Get($"/products/{product.Id}")).Body, (await guest.Get(list)).Items.Single()!, (await owner.Get("/products?mine=true")).Items.Single()!])
        {
            var variants = shown["variants"]!.AsArray();
            Assert.Equal(["R-M", "R-L"], variants.Select(variant => (string)variant!["sku"]!));
            Assert.Equal(["id", "sku", "size", "colour", "price"], variants[0]!.AsObject().Select(field => field.Key));
            Assert.Null(variants[0]!["price"]);
            Assert.Contains("\"price\":14.50", variants[1]!.ToJsonString(), StringComparison.Ordinal);
        }

        var (medium, large) = (Id(product, 0), Id(product, 1));
        (await guest.Get($"/products/{product.Id}/stock")).ExpectProblem(HttpStatusCode.NotFound);
        Assert.Empty((await guest.Get($"{list}&inStock=true")).Items);
        (await CountAsync(owner, product.Id, large, 7)).Expect(HttpStatusCode.OK);
        Assert.Equal((0, 7), (await StockAsync(guest, product.Id, medium), await StockAsync(guest, product.Id, large)));
        Assert.Single((await guest.Get($"{list}&inStock=true")).Items);
        Assert.Single((await owner.Get("/products?mine=true&inStock=true")).Items);
    }

    [Fact]
    public async Task An_order_names_one_and_takes_of_that_at_its_price()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(With(Variant("R-M", "M", "red"), Variant("R-L", "L", colour: null, price: 14.5m)));
        var (medium, large) = (Id(product, 0), Id(product, 1));
        (await CountAsync(owner, product.Id, medium, 5)).Expect(HttpStatusCode.OK);
        (await CountAsync(owner, product.Id, large, 1)).Expect(HttpStatusCode.OK);

        var order = $"/reservations/{Guid.NewGuid()}";
        var taken = (await service.Put(order, Lines((product.Id, large, 1), (product.Id, medium, 2)))).Expect(HttpStatusCode.OK);
        Assert.Equal(
            [(large, "Walnut Ruler, L", 14.50m), (medium, "Walnut Ruler, M, red", 12.50m)],
            taken.Body["lines"]!.AsArray().Select(line => ((string)line!["variantId"]!, (string)line["name"]!, (decimal)line["unitPrice"]!)));
        Assert.Equal((3, 0), (await StockAsync(owner, product.Id, medium), await StockAsync(owner, product.Id, large)));
        Assert.Equal(taken.Text, (await service.Put(order, Lines((product.Id, medium, 2), (product.Id, large, 1)))).Expect(HttpStatusCode.OK).Text);
        Assert.Equal("lines", Reason(await service.Put(order, Lines((product.Id, medium, 1), (product.Id, large, 2)))));
        Assert.Equal("stock", Reason(await service.Put($"/reservations/{Guid.NewGuid()}", Lines((product.Id, large, 1)))));

        (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        Assert.Equal((5, 1), (await StockAsync(owner, product.Id, medium), await StockAsync(owner, product.Id, large)));
    }

    [Fact]
    public async Task An_order_that_names_none_or_another_products_takes_nothing()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(With(Variant("R-M", "M")));
        var other = await owner.Add(With(Variant("R-M", "M")));
        var plain = await owner.Add();
        foreach (var (of, item) in ((Reply, string)[])[(product, Id(product, 0)), (other, Id(other, 0))])
            (await CountAsync(owner, of.Id, item, 5)).Expect(HttpStatusCode.OK);
        foreach (var (id, variant) in ((string, string?)[])[(product.Id, null), (product.Id, Id(other, 0)), (product.Id, $"{Guid.NewGuid()}"), (plain.Id, Id(product, 0))])
        {
            var refused = (await service.Put($"/reservations/{Guid.NewGuid()}", Lines((plain.Id == id ? other.Id : plain.Id, plain.Id == id ? Id(other, 0) : null, 1), (id, variant, 1)))).ExpectProblem(HttpStatusCode.Conflict);
            Assert.Equal(("variant", id), ((string)refused.Body["reason"]!, (string)refused.Body["productId"]!));
        }

        Assert.Equal((5, 5, 10), (await StockAsync(owner, product.Id, Id(product, 0)), await StockAsync(owner, other.Id, Id(other, 0)), await owner.Stock(plain.Id)));
        (await service.Put($"/reservations/{Guid.NewGuid()}", Lines((product.Id, Id(product, 0), 1), (product.Id, Id(product, 0), 1)))).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_that_stays_keeps_its_stock_one_that_goes_takes_it_along_and_a_new_one_has_none()
    {
        using var owner = host.Seller();
        using var admin = host.Admin();
        var product = await owner.Add(With(Variant("R-M", "M"), Variant("R-L", "L")));
        var (medium, large) = (Id(product, 0), Id(product, 1));
        foreach (var item in (string[])[medium, large])
            (await CountAsync(owner, product.Id, item, 5)).Expect(HttpStatusCode.OK);
        var stays = Variant("R-M2", "M");
        stays["id"] = medium;
        var changed = (await admin.Put($"/products/{product.Id}", Sample.Described(With(Variant("R-S", "S"), stays)), product.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal([medium], changed.Body["variants"]!.AsArray().Skip(1).Select(variant => (string)variant!["id"]!));
        Assert.Equal((0, 5), (await StockAsync(owner, product.Id, Id(changed, 0)), await StockAsync(owner, product.Id, medium)));
        (await owner.Get($"/products/{product.Id}/stock?variant={large}")).ExpectProblem(HttpStatusCode.NotFound);

        // Without any it is the product that is counted, from nothing.
        var plain = (await owner.Put($"/products/{product.Id}", Sample.Description(), changed.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal(0, await owner.Stock(product.Id));
        (await owner.Get($"/products/{product.Id}/stock?variant={medium}")).ExpectProblem(HttpStatusCode.NotFound);
        (await owner.Put($"/products/{product.Id}", Sample.Described(With(stays)), plain.ETag)).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task To_ask_for_a_variant_that_there_is_not_is_nobodys_trespass()
    {
        // From an address of their own: of refusals to one so many a second are told and no more.
        string Token(string subject) => TestTokens.Create("catalog", subject, ["catalog.read", "catalog.write"], ["customer", "seller"]);
        var (seller, stranger) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        using var owner = host.As(Token(seller), "203.0.113.91");
        using var other = host.As(Token(stranger), "203.0.113.91");
        var product = await owner.Add(With(Variant("R-M", "M")));
        var draft = With(Variant("R-M", "M"));
        draft["published"] = false;
        var hidden = await owner.Add(draft);
        foreach (var query in (string[])["", $"?variant={Guid.NewGuid()}"])
        {
            (await owner.Get($"/products/{hidden.Id}/stock{query}")).ExpectProblem(HttpStatusCode.NotFound);
            (await owner.Put($"/products/{product.Id}/stock{query}", new { quantity = 1 }, "*")).ExpectProblem(HttpStatusCode.NotFound);
            (await other.Get($"/products/{product.Id}/stock{query}")).ExpectProblem(HttpStatusCode.NotFound);
        }

        (await other.Get($"/products/{hidden.Id}/stock")).ExpectProblem(HttpStatusCode.NotFound);
        (await other.Put($"/products/{product.Id}/stock", new { quantity = 1 }, "*")).ExpectProblem(HttpStatusCode.NotFound);
        Assert.Equal(
            [(stranger, "GET"), (stranger, "PUT")],
            host.Events.All.Where(one => one.Id == 1003 && (one["Subject"] == seller || one["Subject"] == stranger)).Select(one => (one["Subject"], one["Method"])));
    }

    [Fact]
    public async Task A_replacement_that_came_too_late_leaves_the_stock_as_it_is()
    {
        using var owner = host.Seller();
        var product = await owner.Add(Sample.Product(stock: 8));
        (await owner.Put($"/products/{product.Id}", Sample.Description(price: 99), product.ETag)).Expect(HttpStatusCode.OK);
        (await owner.Put($"/products/{product.Id}", Sample.Described(With(Variant("R-M", "M"))), product.ETag)).ExpectProblem(HttpStatusCode.PreconditionFailed);
        Assert.Equal(8, await owner.Stock(product.Id));
    }

    [Fact]
    public async Task Orders_and_a_seller_who_takes_the_variant_away_end_in_one_or_the_other()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        for (var round = 0; round < 5; round++)
        {
            var product = await owner.Add(With(Variant("R-M", "M")));
            var item = Id(product, 0);
            (await CountAsync(owner, product.Id, item, 100)).Expect(HttpStatusCode.OK);
            var orders = Enumerable.Range(0, 8).Select(_ => service.Put($"/reservations/{Guid.NewGuid()}", Lines((product.Id, item, 1)))).ToList();
            var change = owner.Put($"/products/{product.Id}", Sample.Description(), product.ETag);
            (await change).Expect(HttpStatusCode.OK);
            Assert.All(await Task.WhenAll(orders), reply => Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, reply.Text));
            Assert.Equal(0, await owner.Stock(product.Id));
        }
    }

    [Theory]
    [InlineData("""[null]""", "variants[0]")]
    [InlineData("""[{"sku":"A"}]""", "variants[0]")]
    [InlineData("""[{"sku":"","size":"M"}]""", "variants[0].sku")]
    [InlineData("""[{"sku":"a b","size":"M"}]""", "variants[0].sku")]
    [InlineData("""[{"sku":"A","size":""}]""", "variants[0].size")]
    [InlineData("""[{"sku":"A","size":"1234567890123456789012345"}]""", "variants[0].size")]
    [InlineData("""[{"sku":"A","colour":"re\u0000d"}]""", "variants[0].colour")]
    [InlineData("""[{"sku":"A","size":"M","price":0}]""", "variants[0].price")]
    [InlineData("""[{"sku":"A","size":"M","price":1.001}]""", "variants[0].price")]
    [InlineData("""[{"sku":"A","size":"M"},{"sku":"a","size":"L"}]""", "variants[1].sku")]
    [InlineData("""[{"sku":"A","size":"M"},{"sku":"B","size":" m "}]""", "variants[1]")]
    [InlineData("""[{"sku":"A","size":"M","id":"019a8f00-0000-7000-8000-000000000001"}]""", "variants[0].id")]
    [InlineData("""[{"sku":"A","size":"M","weight":"1"}]""", null)]
    [InlineData("""[{"size":"M"}]""", null)]
    [InlineData("""null""", null)]
    [InlineData("""{}""", null)]
    [Trait("Practice", "P23")]
    public async Task What_is_no_variant_is_refused_by_name(string variants, string? field)
    {
        using var seller = host.Seller();
        var text = With().ToJsonString().Replace("\"variants\":[]", $"\"variants\":{variants}", StringComparison.Ordinal);
        var refused = (await seller.Post("/products", text)).ExpectProblem(HttpStatusCode.BadRequest);
        if (field is not null)
            Assert.Equal([field], refused.Errors);
        Assert.Empty((await seller.Get("/products?mine=true")).Items);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task Twenty_are_the_most_and_each_is_counted_by_itself()
    {
        using var seller = host.Seller();
        JsonObject[] Some(int count) => [.. Enumerable.Range(0, count).Select(number => Variant($"S{number}", $"{number}"))];
        Assert.Equal(20, (await seller.Add(With(Some(20)))).Body["variants"]!.AsArray().Count);
        Assert.Equal(["variants"], (await seller.Post("/products", With(Some(21)))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        var counted = With(Some(1));
        counted["stock"] = 1;
        Assert.Equal(["stock"], (await seller.Post("/products", counted)).ExpectProblem(HttpStatusCode.BadRequest).Errors);
    }

    private static JsonObject Variant(string sku, string? size = null, string? colour = null, decimal? price = null)
        => new() { ["sku"] = sku, ["size"] = size, ["colour"] = colour, ["price"] = price };

    private static JsonObject With(params JsonObject[] variants)
    {
        var product = Sample.Product(stock: 0);
        product["variants"] = new JsonArray([.. variants.Select(variant => variant.DeepClone())]);
        return product;
    }

    private static string Id(Reply product, int place) => (string)product.Body["variants"]![place]!["id"]!;

    private static string Reason(Reply refused) => (string)refused.ExpectProblem(HttpStatusCode.Conflict).Body["reason"]!;

    private static object Lines(params (string Id, string? Variant, int Quantity)[] lines)
        => new { lines = lines.Select(line => new { productId = line.Id, variantId = line.Variant, quantity = line.Quantity }).ToArray() };

    private static async Task<int> StockAsync(Caller caller, string id, string variant)
        => (int)(await caller.Get($"/products/{id}/stock?variant={variant}")).Expect(HttpStatusCode.OK).Body["quantity"]!;

    private static async Task<Reply> CountAsync(Caller owner, string id, string variant, int quantity)
    {
        var path = $"/products/{id}/stock?variant={variant}";
        return await owner.Put(path, new { quantity }, (await owner.Get(path)).ETag);
    }
}
