using System.Net;
using Microsoft.AspNetCore.Http;
using SecureShop.Orders.Tests.Support;

namespace SecureShop.Orders.Tests;

/// <summary>A catalog that answers in time, and wrongly: what it says is checked like any input.</summary>
[Trait("Practice", "P39")]
public sealed class LyingCatalogTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private const string Good = """{"productId":"ID","name":"Kettle","sellerId":"s","quantity":1,"unitPrice":1.00,"currency":"EUR"}""";

    public static TheoryData<string, string> Lies => new()
    {
        { "no lines", """{"lines":[]}""" },
        { "no body", "null" },
        { "no JSON", "<html>" },
        { "deep JSON", string.Concat(Enumerable.Repeat("[", 100)) },
        { "null line", """{"lines":[null]}""" },
        { "two lines for one", $$"""{"lines":[{{Good}},{{Good}}]}""" },
        { "another product", $$"""{"lines":[{{Good.Replace("ID", Guid.NewGuid().ToString(), StringComparison.Ordinal)}}]}""" },
        { "a variant of its own", $$"""{"lines":[{{Good.Replace("\"name\"", $"\"variantId\":\"{Guid.NewGuid()}\",\"name\"", StringComparison.Ordinal)}}]}""" },
        { "another quantity", $$"""{"lines":[{{Good.Replace("\"quantity\":1", "\"quantity\":2", StringComparison.Ordinal)}}]}""" },
        { "a price below zero", $$"""{"lines":[{{Good.Replace("1.00", "-1", StringComparison.Ordinal)}}]}""" },
        { "a price out of bounds", $$"""{"lines":[{{Good.Replace("1.00", "1e9", StringComparison.Ordinal)}}]}""" },
        { "fractions of a cent", $$"""{"lines":[{{Good.Replace("1.00", "0.001", StringComparison.Ordinal)}}]}""" },
        { "no price", $$"""{"lines":[{{Good.Replace(",\"unitPrice\":1.00", "", StringComparison.Ordinal)}}]}""" },
        { "no currency", $$"""{"lines":[{{Good.Replace("EUR", "", StringComparison.Ordinal)}}]}""" },
        { "an odd currency", $$"""{"lines":[{{Good.Replace("EUR", "eur", StringComparison.Ordinal)}}]}""" },
        { "an empty name", $$"""{"lines":[{{Good.Replace("Kettle", "", StringComparison.Ordinal)}}]}""" },
        { "a long name", $$"""{"lines":[{{Good.Replace("Kettle", new string('x', 201), StringComparison.Ordinal)}}]}""" },
        { "a name with a NUL", $$"""{"lines":[{{Good.Replace("Kettle", "a\\u0000b", StringComparison.Ordinal)}}]}""" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lying_catalog_is_not_believed(string name, string lie)
    {
        Assert.NotEmpty(name);
        var product = host.Catalog.Add();
        var customer = host.Customer();
        host.Catalog.Instead = http => Task.FromResult(http.Request.Method == "PUT"
            ? Results.Content(lie?.Replace("ID", product.Id.ToString(), StringComparison.Ordinal), "application/json")
            : null);

        using var answer = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        using var again = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");

        Assert.Equal(await answer.ProblemAsync(HttpStatusCode.BadGateway), await again.ProblemAsync(HttpStatusCode.BadGateway));
        using var mine = await customer.GetAsync("/");
        var order = Assert.Single((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal("rejected", order.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_true_catalog_is_believed()
    {
        var product = host.Catalog.Add();
        host.Catalog.Instead = http => Task.FromResult(http.Request.Method == "PUT"
            ? Results.Content($$"""{"lines":[{{Good.Replace("ID", product.Id.ToString(), StringComparison.Ordinal)}}]}""", "application/json")
            : null);

        using var answer = await host.Customer().PlaceAsync(Body.Of((product, 1)));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task A_long_name_is_measured_in_characters()
    {
        // 120 characters, as many as the catalog allows, in 240 units of UTF-16.
        var product = host.Catalog.Add();
        var name = string.Concat(Enumerable.Repeat("\ud842\udfb7", 120));
        host.Catalog.Instead = http => Task.FromResult(http.Request.Method == "PUT"
            ? Results.Content($$"""{"lines":[{{Good.Replace("ID", product.Id.ToString(), StringComparison.Ordinal).Replace("Kettle", name, StringComparison.Ordinal)}}]}""", "application/json")
            : null);

        using var answer = await host.Customer().PlaceAsync(Body.Of((product, 1)));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }
}
