using System.Net;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Bounds;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>One account cannot empty the shop: what a customer may have open is bounded, also for orders that race.</summary>
[Trait("Practice", "P41")]
public sealed class BoundsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Open_orders_are_bounded_and_one_that_is_on_its_way_makes_room()
    {
        await using var host = await StartAsync(("Bounds:OpenOrders", "2"));
        Caller alice = host.Customer(), sam = host.As(Role.Seller);
        var product = host.Catalog.Add(seller: sam.Subject);
        var first = await alice.PlacedAsync(product);
        var second = await alice.PlacedAsync(product);
        using var third = await alice.PlaceAsync(Body.Of((product, 1)), "key-0003");
        Assert.Contains("2 open orders", await third.ProblemAsync(HttpStatusCode.Conflict), StringComparison.Ordinal);
        await host.Customer().PlacedAsync(product);

        using var shipped = await sam.PostAsync($"/{first}/ship");
        using var again = await alice.PlaceAsync(Body.Of((product, 1)), "key-0003");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        using var cancelled = await alice.CancelAsync(second);
        await alice.PlacedAsync(product);
    }

    [Fact]
    public async Task Pieces_of_one_product_are_bounded_over_all_open_orders()
    {
        await using var host = await StartAsync(("Bounds:PiecesPerProduct", "5"));
        var alice = host.Customer();
        var (kettle, lamp) = (host.Catalog.Add(), host.Catalog.Add());
        await alice.PlacedAsync(kettle, 3);
        using var more = await alice.PlaceAsync(Body.Of((kettle, 3), (lamp, 1)));
        await more.ProblemAsync(HttpStatusCode.Conflict);
        await alice.PlacedAsync(kettle, 2);
        await alice.PlacedAsync(lamp, 5);
        using var many = await host.Customer().PlaceAsync(Body.Of((lamp, 6)));
        await many.ProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_open_orders_are_worth_is_bounded_and_nothing_stays_reserved()
    {
        await using var host = await StartAsync(("Bounds:OpenAmount", "100"));
        var alice = host.Customer();
        var product = host.Catalog.Add(price: 60m);
        await alice.PlacedAsync(product);
        using var more = await alice.PlaceAsync(Body.Of((product, 1)), "key-0002");
        using var again = await alice.PlaceAsync(Body.Of((product, 1)), "key-0002");
        Assert.Equal(await more.ProblemAsync(HttpStatusCode.Conflict), await again.ProblemAsync(HttpStatusCode.Conflict));
        using var mine = await alice.GetAsync("/");
        var rejected = (await mine.JsonAsync()).GetProperty("items")[0];
        Assert.Equal("rejected", rejected.GetProperty("state").GetString());
        Assert.False(host.Catalog.Holds(rejected.GetProperty("id").GetGuid()));
        Assert.Equal((0, 0m), await host.ChargedAsync(rejected.GetProperty("id").GetGuid()));
        await alice.PlacedAsync(host.Catalog.Add(price: 40m));

        // Another currency is another account.
        await alice.PlacedAsync(host.Catalog.Add(price: 100m, currency: "CHF"));
    }

    [Theory]
    [InlineData("Bounds:OpenOrders", "3")]
    [InlineData("Bounds:PiecesPerProduct", "3")]
    [InlineData("Bounds:OpenAmount", "30")]
    public async Task Racing_orders_do_not_pass_a_bound_together(string bound, string value)
    {
        await using var host = await StartAsync((bound, value));
        var alice = host.Customer();
        var product = host.Catalog.Add(price: 10m);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => alice.PlaceAsync(Body.Of((product, 1)))));
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void Bounds_that_let_nobody_buy_stop_the_start(int orders, int pieces, int amount)
    {
        Assert.True(new BoundsOptions.Validator().Validate(Options.DefaultName, new() { OpenOrders = orders, PiecesPerProduct = pieces, OpenAmount = amount }).Failed);
        Assert.True(new BoundsOptions.Validator().Validate(Options.DefaultName, new()).Succeeded);
    }

    private async Task<OrdersHost> StartAsync((string Name, string Value) setting)
    {
        var host = new OrdersHost(postgres) { More = { [setting.Name] = setting.Value } };
        await host.InitializeAsync();
        return host;
    }
}
