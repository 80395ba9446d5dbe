using System.Net;
using System.Text.Json.Nodes;

namespace SecureShop.Catalog.Tests;

/// <summary>Hostile and boundary input: named and refused, or kept as the plain text it is; never an error of the server.</summary>
public sealed class InputTests(CatalogHost host)
{
    [Theory]
    [InlineData("name", "\"\"")]
    [InlineData("name", "\"   \"")]
    [InlineData("name", "null")]
    [InlineData("name", "5")]
    [InlineData("name", "[\"a\"]")]
    [InlineData("name", "\"a\\u0000b\"")]
    [InlineData("name", "\"a\\nb\"")]
    [InlineData("name", "\"\\u202Eevil\"")]
    [InlineData("description", "\"a\\u0007\"")]
    [InlineData("category", "\"nowhere\"")]
    [InlineData("category", "\"Office\"")]
    [InlineData("category", "\"\"")]
    [InlineData("price", "0")]
    [InlineData("price", "-1")]
    [InlineData("price", "0.001")]
    [InlineData("price", "1000000.01")]
    [InlineData("price", "1e400")]
    [InlineData("price", "\"12\"")]
    [InlineData("price", "null")]
    [InlineData("currency", "\"eur\"")]
    [InlineData("currency", "\"XXX\"")]
    [InlineData("cost", "-0.01")]
    [InlineData("supplier", "\"\"")]
    [InlineData("stock", "-1")]
    [InlineData("stock", "1000001")]
    [InlineData("stock", "2147483648")]
    [InlineData("stock", "1.5")]
    [InlineData("published", "\"true\"")]
    [InlineData("published", "1")]
    [Trait("Practice", "P23")]
    public async Task A_wrong_field_is_named(string field, string value)
    {
        using var seller = host.Seller();
        var reply = (await seller.Post("/products", Sample.With(field, JsonNode.Parse(value)).ToJsonString())).ExpectProblem(HttpStatusCode.BadRequest);
        Assert.Equal([field], reply.Errors);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("description")]
    [InlineData("category")]
    [InlineData("price")]
    [InlineData("currency")]
    [InlineData("stock")]
    [InlineData("published")]
    [Trait("Practice", "P23")]
    public async Task A_missing_field_is_refused(string field)
    {
        using var seller = host.Seller();
        (await seller.Post("/products", Sample.Without(field))).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("name", 120)]
    [InlineData("description", 4000)]
    [InlineData("supplier", 120)]
    [Trait("Practice", "P23")]
    public async Task Text_has_a_longest_length(string field, int longest)
    {
        using var seller = host.Seller();
        await seller.Add(Sample.With(field, new string('x', longest)));
        Assert.Equal([field], (await seller.Post("/products", Sample.With(field, new string('x', longest + 1)))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task Bounds_themselves_are_allowed_and_text_is_trimmed()
    {
        using var seller = host.Seller();
        var product = Sample.Product("  Größe \U0001F469\u200D\U0001F373 naïve  ", price: 1_000_000m, stock: 1_000_000);
        product["cost"] = 0;
        product["supplier"] = null;
        product["description"] = "One\nTwo";
        var added = await seller.Add(product);
        Assert.Equal("Größe \U0001F469\u200D\U0001F373 naïve", (string)added.Body["name"]!);
        Assert.Equal(1_000_000m, (decimal)added.Body["price"]!);
        Assert.Null(added.Body["supplier"]);
    }

    [Theory]
    [InlineData("10.0000", "10.00")]
    [InlineData("10", "10.00")]
    [InlineData("10.5", "10.50")]
    [InlineData("0.01", "0.01")]
    [InlineData("1e1", "10.00")]
    [InlineData("100e-1", "10.00")]
    [InlineData("1000000.000", "1000000.00")]
    [Trait("Practice", "P23")]
    public async Task Amounts_have_two_decimals_in_every_answer(string given, string shown)
    {
        using var seller = host.Seller();
        using var guest = host.Guest();
        using var service = host.OrdersService();
        var request = Sample.Product().ToJsonString().Replace("12.50", given, StringComparison.Ordinal).Replace("5.25", given, StringComparison.Ordinal);
        Assert.Contains($"\"price\":{given}", request, StringComparison.Ordinal);
        var added = (await seller.Post("/products", request)).Expect(HttpStatusCode.Created);
        var read = await seller.Get($"/products/{added.Id}");
        var replaced = (await seller.Put($"/products/{added.Id}", request.Replace("\"stock\":10,", "", StringComparison.Ordinal), added.ETag)).Expect(HttpStatusCode.OK);
        var mine = await seller.Get("/products?mine=true");
        foreach (var reply in new[] { added, read, replaced, mine })
        {
            Assert.Contains($"\"price\":{shown},", reply.Text, StringComparison.Ordinal);
            Assert.Contains($"\"cost\":{shown},", reply.Text, StringComparison.Ordinal);
        }

        // Made of the configured origin, whatever the Host says: behind the gateway it leads back in.
        Assert.Equal($"https://localhost:7443/api/catalog/products/{added.Id}", added.Headers.Location?.OriginalString);

        // One tag, one text.
        Assert.Equal((added.ETag, added.Text), (read.ETag, read.Text));
        Assert.Contains($"\"price\":{shown},", (await guest.Get($"/products/{added.Id}")).Text, StringComparison.Ordinal);
        var taken = (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((added.Id, 1)))).Expect(HttpStatusCode.OK);
        Assert.Contains($"\"unitPrice\":{shown},", taken.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/products/{0}?fields=name", "fields")]
    [InlineData("GET", "/products/{0}?id=1", "id")]
    [InlineData("GET", "/categories?limit=1", "limit")]
    [InlineData("POST", "/products?published=true", "published")]
    [InlineData("PUT", "/products/{0}?force=true", "force")]
    [InlineData("PUT", "/products/{0}/stock?quantity=1", "quantity")]
    [InlineData("DELETE", "/products/{0}?cascade=true", "cascade")]
    [InlineData("GET", "/products/{0}?a=1&a=2", "a")]
    [InlineData("GET", "/products/{0}?%3Cscript%3E=1", "query")]
    [InlineData("GET", "/products/{0}?=1", "query")]
    [Trait("Practice", "P23")]
    public async Task A_parameter_that_an_endpoint_does_not_have_is_refused_by_name(string method, string path, string name)
    {
        using var seller = host.Seller();
        var product = await seller.Add();
        var reply = await seller.Send(new HttpMethod(method), path.Replace("{0}", product.Id, StringComparison.Ordinal), method is "POST" or "PUT" ? Sample.Product() : null);
        Assert.Equal([name], reply.ExpectProblem(HttpStatusCode.BadRequest).Errors);
        Assert.Equal(product.Text, (await seller.Get($"/products/{product.Id}")).Text);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [Trait("Practice", "P23")]
    public async Task Reservations_have_no_parameters(string method)
    {
        using var service = host.OrdersService();
        var reply = await service.Send(new HttpMethod(method), $"/reservations/{Guid.NewGuid()}?force=true", method is "PUT" ? Sample.Lines() : null);
        Assert.Equal(["force"], reply.ExpectProblem(HttpStatusCode.BadRequest).Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("<product/>")]
    [Trait("Practice", "P23")]
    public async Task A_body_that_is_no_product_is_refused(string body)
    {
        using var seller = host.Seller();
        (await seller.Post("/products", body)).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task A_body_that_is_too_large_or_of_another_type_is_refused()
    {
        using var seller = host.Seller();

        // Asked first: a body that is refused unread may meet a connection that is closed already.
        (await seller.Send(HttpMethod.Post, "/products", Sample.With("description", new string('x', 100_000)), [("Expect", "100-continue")]))
            .ExpectProblem(HttpStatusCode.RequestEntityTooLarge);
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        (await seller.Post("/products", $"{{\"name\":{deep}}}")).ExpectProblem(HttpStatusCode.BadRequest);
        foreach (var type in (string[])["text/plain", "application/xml", "application/x-www-form-urlencoded"])
        {
            (await seller.Send(HttpMethod.Post, "/products", Sample.Product().ToJsonString(), contentType: type))
                .ExpectProblem(HttpStatusCode.UnsupportedMediaType);
        }

        (await seller.Send(HttpMethod.Post, "/products")).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("'; drop table catalog.products; --")]
    [InlineData("\" or \"\"=\"")]
    [InlineData("1 union select password from pg_shadow")]
    [InlineData("$$; copy (select 1) to program 'id'; $$")]
    [InlineData("%' and pg_sleep(5) --")]
    [InlineData("a & | ! ( <-> ) :*")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("{{7*7}} ${jndi:ldap://x} \\")]
    [Trait("Practice", "P22")]
    public async Task Syntax_of_any_language_is_kept_and_searched_as_text(string payload)
    {
        using var seller = host.Seller();
        var request = Sample.Product(payload);
        request["description"] = payload;
        request["supplier"] = payload;
        var added = await seller.Add(request);
        var read = await seller.Get($"/products/{added.Id}");
        foreach (var field in (string[])["name", "description", "supplier"])
            Assert.Equal(payload, (string)read.Body[field]!);

        // Second order: what was stored comes back through the search, the sort and the cursor made of it.
        (await seller.Get($"/products?q={Uri.EscapeDataString(payload)}")).Expect(HttpStatusCode.OK);
        await seller.Add(request);
        var page = await seller.Get("/products?mine=true&sort=name&limit=1");
        Assert.Equal([payload], (await seller.Get($"/products?mine=true&sort=name&limit=1&after={page.Next}")).Expect(HttpStatusCode.OK).Names);
        Assert.NotEmpty((await seller.Get("/products")).Items);
    }

    [Theory]
    [InlineData("DELETE", "/products", "GET, HEAD, POST")]
    [InlineData("PATCH", "/products", "GET, HEAD, POST")]
    [InlineData("POST", "/products/019a8f00-0000-7000-8000-000000000001", "DELETE, GET, HEAD, PUT")]
    [InlineData("POST", "/products/019a8f00-0000-7000-8000-000000000001/stock", "GET, HEAD, PUT")]
    [InlineData("POST", "/categories", "GET, HEAD")]
    [InlineData("POST", "/reservations/019a8f00-0000-7000-8000-000000000001", "DELETE, PUT")]
    [InlineData("GET", "/reservations/019a8f00-0000-7000-8000-000000000001", "DELETE, PUT")]
    [Trait("Practice", "P19")]
    public async Task Another_verb_is_refused_with_those_that_work(string method, string path, string allowed)
    {
        using var admin = host.Admin();
        var reply = (await admin.Send(new HttpMethod(method), path)).ExpectProblem(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(allowed, string.Join(", ", reply.ContentHeaders.Allow.Order(StringComparer.Ordinal)));
    }
}
