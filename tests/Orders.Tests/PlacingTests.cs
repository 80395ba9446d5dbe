using System.Net;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Orders.Tests;

/// <summary>Placing an order: what the customer may decide, and what only the catalog decides.</summary>
public sealed class PlacingTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Theory]
    [InlineData("7", 3, "7.00", "21.00")]
    [InlineData("24.9", 1, "24.90", "24.90")]
    [InlineData("10.0000", 2, "10.00", "20.00")]
    [InlineData("0.1", 99, "0.10", "9.90")]
    public async Task Amounts_have_two_decimals_in_every_answer(string price, int quantity, string unitPrice, string total)
    {
        var customer = host.Customer();
        var product = host.Catalog.Add(price: decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture));
        using var placed = await customer.PlaceAsync(Body.Of((product, quantity)), "key-0001");
        var id = (await placed.JsonAsync()).GetProperty("id").GetGuid();
        using var again = await customer.PlaceAsync(Body.Of((product, quantity)), "key-0001");
        using var read = await customer.GetAsync($"/{id}");
        using var mine = await customer.GetAsync("/");
        using var all = await host.As(Role.Support).GetAsync($"/all?customer={customer.Subject}");
        using var cancelled = await customer.CancelAsync(id);

        foreach (var order in new[]
        {
            await placed.JsonAsync(), await again.JsonAsync(), await read.JsonAsync(), (await mine.JsonAsync()).GetProperty("items")[0],
            (await all.JsonAsync()).GetProperty("items")[0], await cancelled.JsonAsync(),
        })
        {
            Assert.Equal(unitPrice, order.GetProperty("lines")[0].GetProperty("unitPrice").GetRawText());
            Assert.Equal(total, order.GetProperty("total").GetRawText());
        }

        // One tag, one text.
        Assert.Equal(placed.Headers.ETag, read.Headers.ETag);
        Assert.Equal((await placed.JsonAsync()).GetRawText(), (await read.JsonAsync()).GetRawText());
        Assert.NotEqual(placed.Headers.ETag, cancelled.Headers.ETag);
    }

    [Fact]
    public async Task An_orders_tag_counts_its_own_changes_and_not_those_of_the_database()
    {
        var product = host.Catalog.Add();
        using var first = await host.Customer().PlaceAsync(Body.Of((product, 1)));
        using var second = await host.Customer().PlaceAsync(Body.Of((product, 2)));
        Assert.NotNull(first.Headers.ETag);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }

    [Fact]
    [Trait("Practice", "P11")]
    public async Task An_order_takes_names_sellers_and_prices_from_the_catalog()
    {
        var kettle = host.Catalog.Add("Kettle", 24.90m);
        var lamp = host.Catalog.Add("Lamp", 0.10m);
        var customer = host.Customer();

        using var answer = await customer.PlaceAsync(Body.Of((lamp, 3), (kettle, 2)));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var order = await answer.JsonAsync();
        var id = order.GetProperty("id").GetGuid();
        Assert.Equal($"https://localhost:7443/api/orders/{id}", answer.Headers.Location?.AbsoluteUri);
        Assert.NotNull(answer.Headers.ETag);
        Assert.Equal("confirmed", order.GetProperty("state").GetString());
        Assert.Equal("EUR", order.GetProperty("currency").GetString());
        Assert.Equal(50.10m, order.GetProperty("total").GetDecimal());
        Assert.Equal(["Lamp", "Kettle"], order.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("name").GetString()));
        Assert.True(host.Catalog.Holds(id));
        Assert.Equal(7, id.Version);

        using var read = await customer.GetAsync($"/{id}");
        Assert.Equal(order.GetRawText(), (await read.JsonAsync()).GetRawText());
        Assert.Equal(answer.Headers.ETag, read.Headers.ETag);
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task An_order_shows_its_fields_and_no_others()
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());

        using var read = await customer.GetAsync($"/{id}");

        var order = await read.JsonAsync();
        Assert.Equal(
            ["id", "state", "lines", "currency", "total", "createdAt", "placedAt", "cancelledAt", "paid", "refunded"],
            order.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["productId", "variantId", "quantity", "name", "sellerId", "unitPrice", "shippedAt", "deliveredAt"],
            order.GetProperty("lines")[0].EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task A_later_price_does_not_change_an_order()
    {
        var product = host.Catalog.Add(price: 10m);
        var customer = host.Customer();
        var id = await customer.PlacedAsync(product, 2);

        host.Catalog.Change(product with { Price = 99m, Name = "Other" });

        using var read = await customer.GetAsync($"/{id}");
        Assert.Equal(20m, (await read.JsonAsync()).GetProperty("total").GetDecimal());
    }

    [Theory]
    [Trait("Practice", "P18")]
    [InlineData("""{"lines":[{"productId":"ID","quantity":1,"unitPrice":0.01}],"paymentMethod":"pm_ok"}""")]
    [InlineData("""{"lines":[{"productId":"ID","quantity":1,"name":"x"}],"paymentMethod":"pm_ok"}""")]
    [InlineData("""{"lines":[{"productId":"ID","quantity":1}],"paymentMethod":"pm_ok","total":0}""")]
    [InlineData("""{"lines":[{"productId":"ID","quantity":1}],"paymentMethod":"pm_ok","customerId":"somebody"}""")]
    [InlineData("""{"lines":[{"productId":"ID","quantity":1}],"paymentMethod":"pm_ok","state":"confirmed"}""")]
    [InlineData("""{"lines":[{"productId":"ID","quantity":1}],"paymentMethod":"pm_ok","id":"0197a9f0-0000-7000-8000-000000000000"}""")]
    public async Task Fields_that_are_not_the_customers_to_set_are_refused(string body)
    {
        var customer = host.Customer();
        var calls = host.Catalog.Calls;

        using var answer = await customer.PlaceJsonAsync(body.Replace("ID", host.Catalog.Add().Id.ToString(), StringComparison.Ordinal));

        await answer.ProblemAsync(HttpStatusCode.BadRequest);
        using var mine = await customer.GetAsync("/");
        Assert.Empty((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(calls, host.Catalog.Calls);
    }

    [Fact]
    public async Task A_refusal_names_the_product_and_passes_on_no_text_of_the_catalog()
    {
        var rare = host.Catalog.Add(stock: 1);
        var customer = host.Customer();

        using var answer = await customer.PlaceAsync(Body.Of((host.Catalog.Add(), 1), (rare, 2)));

        var problem = await answer.ProblemAsync(HttpStatusCode.Conflict);
        Assert.Contains(rare.Id.ToString(), problem, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Products_of_two_currencies_are_not_one_order_and_nothing_stays_reserved()
    {
        var customer = host.Customer();
        var made = host.Catalog.Made;

        using var answer = await customer.PlaceAsync(
            Body.Of((host.Catalog.Add(currency: "EUR"), 1), (host.Catalog.Add(currency: "CHF"), 1)));

        await answer.ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(made + 1, host.Catalog.Made);
        var order = await NewestAsync(customer);
        Assert.Equal("rejected", order.GetProperty("state").GetString());
        Assert.False(host.Catalog.Holds(order.GetProperty("id").GetGuid()));
    }

    private static async Task<System.Text.Json.JsonElement> NewestAsync(Caller customer)
    {
        using var mine = await customer.GetAsync("/");
        return (await mine.JsonAsync()).GetProperty("items")[0];
    }
}
