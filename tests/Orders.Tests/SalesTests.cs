using System.Net;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>Sellers ship what they sold: their own lines, and see nothing of others.</summary>
[Trait("Practice", "P11")]
[Trait("Practice", "P16")]
public sealed class SalesTests(OrdersHost host, PostgresFixture postgres) : IClassFixture<OrdersHost>
{
    [Fact]
    public async Task Each_seller_ships_their_own_lines_and_the_order_follows_the_last()
    {
        Caller sam = host.As(Role.Seller), sue = host.As(Role.Seller), alice = host.Customer();
        var id = await PlacedAsync(alice, sam, sue);

        using var first = await sam.PostAsync($"/{id}/ship");
        Assert.Equal("shipping", (await first.JsonAsync()).GetProperty("state").GetString());
        Assert.Null((await host.StoredAsync(id)).Lines.Single(line => line.SellerId == sue.Subject).ShippedAt);
        using var again = await sam.PostAsync($"/{id}/ship");
        Assert.Equal((await first.JsonAsync()).GetRawText(), (await again.JsonAsync()).GetRawText());
        using var early = await sue.PostAsync($"/{id}/deliver");
        await early.ProblemAsync(HttpStatusCode.Conflict);
        using var second = await sue.PostAsync($"/{id}/ship");
        Assert.Equal("shipped", (await second.JsonAsync()).GetProperty("state").GetString());

        using var arrived = await sam.PostAsync($"/{id}/deliver");
        Assert.Equal("shipped", (await arrived.JsonAsync()).GetProperty("state").GetString());
        using var last = await sue.PostAsync($"/{id}/deliver");
        Assert.Equal("delivered", (await last.JsonAsync()).GetProperty("state").GetString());
        using var read = await alice.GetAsync($"/{id}");
        Assert.All((await read.JsonAsync()).GetProperty("lines").EnumerateArray(), line => Assert.NotNull(line.GetProperty("deliveredAt").GetString()));
    }

    [Fact]
    public async Task Racing_sellers_end_with_an_order_that_is_shipped()
    {
        for (var round = 0; round < 5; round++)
        {
            Caller[] sellers = [host.As(Role.Seller), host.As(Role.Seller), host.As(Role.Seller)];
            var id = await PlacedAsync(host.Customer(), sellers);
            var answers = await Task.WhenAll(sellers.Select(seller => seller.PostAsync($"/{id}/ship")));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
            Assert.Equal(OrderState.Shipped, (await host.StoredAsync(id)).State);
        }
    }

    [Fact]
    public async Task Of_a_race_between_cancelling_and_shipping_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            Caller sam = host.As(Role.Seller), alice = host.Customer();
            var id = await PlacedAsync(alice, sam);
            var answers = await Task.WhenAll(sam.PostAsync($"/{id}/ship"), alice.CancelAsync(id));
            var order = await host.StoredAsync(id);
            Assert.Single(answers, answer => answer.IsSuccessStatusCode);
            Assert.Equal(answers[0].IsSuccessStatusCode ? OrderState.Shipped : OrderState.Cancelled, order.State);
            Assert.Equal((1, order.State == OrderState.Shipped ? 24.90m : 0m), await host.ChargedAsync(id));
            Assert.Equal(order.State == OrderState.Shipped, host.Catalog.Holds(id));
        }
    }

    [Fact]
    public async Task What_is_shipped_is_not_cancelled()
    {
        Caller sam = host.As(Role.Seller), alice = host.Customer();
        var id = await PlacedAsync(alice, sam, host.As(Role.Seller));
        using var shipped = await sam.PostAsync($"/{id}/ship");
        using var cancelled = await alice.CancelAsync(id);
        await cancelled.ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(OrderState.Shipping, (await host.StoredAsync(id)).State);
    }

    [Theory]
    [InlineData("ship")]
    [InlineData("deliver")]
    public async Task An_order_without_a_line_of_the_caller_looks_like_none_and_leaves_an_event(string what)
    {
        Caller sam = host.As(Role.Seller), mallory = host.As(Role.Seller);
        var id = await PlacedAsync(host.Customer(), sam);
        using var theirs = await mallory.PostAsync($"/{id}/{what}");
        using var none = await mallory.PostAsync($"/{Guid.CreateVersion7()}/{what}");
        Assert.Equal(await none.ProblemAsync(HttpStatusCode.NotFound), await theirs.ProblemAsync(HttpStatusCode.NotFound));
        Assert.Equal(1003, Assert.Single(host.Events.All, one => one["Subject"] == mallory.Subject).Id);
        Assert.Equal(OrderState.Confirmed, (await host.StoredAsync(id)).State);
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task A_seller_sees_their_own_lines_and_neither_those_of_others_nor_the_customer()
    {
        Caller sam = host.As(Role.Seller), sue = host.As(Role.Seller), alice = host.Customer();
        var id = await PlacedAsync(alice, sam, sue);
        await PlacedAsync(alice, sue);

        using var mine = await sam.GetAsync("/sales?toShip=true");
        var text = await mine.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var sale = Assert.Single((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(["id", "state", "lines", "placedAt"], sale.EnumerateObject().Select(field => field.Name));
        Assert.Equal(id, sale.GetProperty("id").GetGuid());
        var line = Assert.Single(sale.GetProperty("lines").EnumerateArray());
        Assert.Equal(["productId", "variantId", "quantity", "name", "unitPrice", "shippedAt", "deliveredAt"], line.EnumerateObject().Select(field => field.Name));
        Assert.Equal($"of {sam.Subject}", line.GetProperty("name").GetString());
        Assert.DoesNotContain(alice.Subject, text, StringComparison.Ordinal);
        Assert.DoesNotContain(sue.Subject, text, StringComparison.Ordinal);

        using var shipped = await sam.PostAsync($"/{id}/ship");
        Assert.DoesNotContain(sue.Subject, await shipped.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var nothing = await sam.GetAsync("/sales?toShip=true");
        Assert.Empty((await nothing.JsonAsync()).GetProperty("items").EnumerateArray());
        using var all = await sam.GetAsync("/sales");
        Assert.Single((await all.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_is_not_paid_for_is_no_sale()
    {
        var sam = host.As(Role.Seller);
        using var declined = await host.Customer().PlaceAsync(Body.Of((host.Catalog.Add(seller: sam.Subject), 1)) with { PaymentMethod = "pm_declined" });
        await declined.ProblemAsync(HttpStatusCode.PaymentRequired);
        using var mine = await sam.GetAsync("/sales");
        Assert.Empty((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Every_change_of_state_leaves_an_event_with_who_and_what()
    {
        // Its own: the log tells only so many of a kind at once.
        await using var own = new OrdersHost(postgres);
        await own.InitializeAsync();
        Caller sam = own.As(Role.Seller), alice = own.Customer();
        var id = await alice.PlacedAsync(own.Catalog.Add(seller: sam.Subject));
        using var shipped = await sam.PostAsync($"/{id}/ship");
        using var delivered = await sam.PostAsync($"/{id}/deliver");

        var events = own.Events.All.Where(one => one.Id == 5050 && one["Order"] == $"{id}").ToList();
        Assert.Equal(
            ["none>pending " + alice.Subject, "pending>reserved shop", "reserved>authorized shop", "authorized>confirmed shop", "confirmed>shipped " + sam.Subject, "shipped>delivered " + sam.Subject],
            events.Select(one => $"{one["From"]}>{one["To"]} {one["Actor"]}"));
        Assert.All(events, one => Assert.Equal((alice.Subject, "OrderChanged"), (one["Subject"], one.Name)));
    }

    private async Task<Guid> PlacedAsync(Caller customer, params Caller[] sellers)
    {
        using var placed = await customer.PlaceAsync(Body.Of([.. sellers.Select(seller => (host.Catalog.Add($"of {seller.Subject}", seller: seller.Subject), 1))]));
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        return (await placed.JsonAsync()).GetProperty("id").GetGuid();
    }
}
