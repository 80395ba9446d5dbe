using System.Net;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Tests.Support;
using SecureShop.Storage.Payments;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>Money: taken once, after the goods are certain, and given back with them.</summary>
public sealed class PaymentTests(OrdersHost host, PostgresFixture postgres) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P19")]
    public async Task An_order_is_charged_once_however_often_it_is_asked_for()
    {
        var customer = host.Customer();
        var product = host.Catalog.Add(price: 10m);
        using var first = await customer.PlaceAsync(Body.Of((product, 2)), "key-0001");
        using var again = await customer.PlaceAsync(Body.Of((product, 2)), "key-0001");
        var order = await first.JsonAsync();
        var id = order.GetProperty("id").GetGuid();

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(20m, order.GetProperty("paid").GetDecimal());
        Assert.Equal((1, 20m), await host.ChargedAsync(id));
        Assert.True(host.Catalog.HasConfirmed(id));
    }

    [Theory]
    [InlineData("pm_declined")]
    [InlineData("pm_nobody_knows")]
    [InlineData("pm_no_capture")]
    public async Task A_payment_that_is_declined_leaves_no_order_no_stock_and_no_charge(string method)
    {
        var customer = host.Customer();
        var product = host.Catalog.Add();
        using var declined = await customer.PlaceAsync(Body.Of((product, 1)) with { PaymentMethod = method }, "key-0001");
        using var again = await customer.PlaceAsync(Body.Of((product, 1)) with { PaymentMethod = method }, "key-0001");

        Assert.Equal(await declined.ProblemAsync(HttpStatusCode.PaymentRequired), await again.ProblemAsync(HttpStatusCode.PaymentRequired));
        var id = await OnlyAsync(customer, "rejected");
        Assert.False(host.Catalog.Holds(id));
        Assert.Equal((0, 0m), await host.ChargedAsync(id));
        using var other = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_payment_that_takes_its_time_is_waited_for()
    {
        await using var own = await StartAsync();
        var customer = own.Customer();
        var purchase = Body.Of((own.Catalog.Add(), 1)) with { PaymentMethod = "pm_slow" };
        using var placed = await customer.PlaceAsync(purchase, "key-0001");

        Assert.Equal(HttpStatusCode.Accepted, placed.StatusCode);
        Assert.NotNull(placed.Headers.RetryAfter);
        Assert.Equal("reserved", (await placed.JsonAsync()).GetProperty("state").GetString());
        var id = (await placed.JsonAsync()).GetProperty("id").GetGuid();
        Assert.Equal((0, 0m), await own.ChargedAsync(id));
        own.Clock.Advance(TimeSpan.FromSeconds(10));
        using var again = await customer.PlaceAsync(purchase, "key-0001");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal((1, 24.90m), await own.ChargedAsync(id));
    }

    [Fact]
    [Trait("Practice", "P41")]
    public async Task A_payment_that_never_comes_gives_the_goods_back()
    {
        await using var own = await StartAsync();
        var customer = own.Customer();
        own.Payments.Afterwards = (_, report) => Task.FromResult(report.Status == PaymentStatus.Authorized ? report with { Status = PaymentStatus.Waiting } : report);
        using var placed = await customer.PlaceAsync(Body.Of((own.Catalog.Add(), 1)), "key-0001");
        Assert.Equal(HttpStatusCode.Accepted, placed.StatusCode);

        await own.SettleAsync();

        var id = await OnlyAsync(customer, "rejected");
        Assert.False(own.Catalog.Holds(id));
        Assert.Equal((0, 0m), await own.ChargedAsync(id));
        using var again = await customer.PlaceAsync(Body.Of((own.Catalog.Add(), 1)), "key-0001");
        await again.ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Goods_that_are_held_for_ever_need_no_confirmation()
    {
        await using var own = await StartAsync();
        own.Catalog.HoldsForEver = true;
        var id = await own.Customer().PlacedAsync(own.Catalog.Add());
        Assert.True(own.Catalog.Holds(id));
        Assert.False(own.Catalog.HasConfirmed(id));
        Assert.Equal((1, 24.90m), await own.ChargedAsync(id));
    }

    [Fact]
    public async Task Goods_that_are_gone_when_they_are_to_be_paid_for_are_not_paid_for()
    {
        await using var own = await StartAsync();
        var customer = own.Customer();
        own.Payments.Afterwards = async (call, report) =>
        {
            if (call == "authorize")
                own.Catalog.Expire(await OnlyAsync(customer, "reserved"));
            return report;
        };
        using var placed = await customer.PlaceAsync(Body.Of((own.Catalog.Add(), 1)));

        await placed.ProblemAsync(HttpStatusCode.PaymentRequired);
        Assert.Equal((0, 0m), await own.ChargedAsync(await OnlyAsync(customer, "rejected")));
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_cancellation_gives_the_money_back_once()
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        Assert.Equal((1, 24.90m), await host.ChargedAsync(id));

        using var cancelled = await customer.CancelAsync(id);
        using var again = await customer.CancelAsync(id);

        Assert.Equal(24.90m, (await cancelled.JsonAsync()).GetProperty("refunded").GetDecimal());
        Assert.Equal((1, 0m), await host.ChargedAsync(id));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task An_order_is_cancelled_while_its_payment_is_under_way_and_nothing_is_charged_afterwards()
    {
        await using var own = await StartAsync();
        var customer = own.Customer();
        using var placed = await customer.PlaceAsync(Body.Of((own.Catalog.Add(), 1)) with { PaymentMethod = "pm_slow" });
        var id = (await placed.JsonAsync()).GetProperty("id").GetGuid();

        using var cancelled = await customer.CancelAsync(id);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        await own.SettleAsync();
        var late = await own.Payments.AuthorizeAsync(id, "pm_slow", 24.90m, "EUR", TestContext.Current.CancellationToken);

        Assert.Equal(PaymentStatus.Cancelled, late.Status);
        Assert.Equal((0, 0m), await own.ChargedAsync(id));
        Assert.False(own.Catalog.Holds(id));
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Of_what_is_asked_of_the_provider_at_once_each_is_done_once_and_nothing_after_the_end()
    {
        var token = TestContext.Current.CancellationToken;
        for (var round = 0; round < 10; round++)
        {
            var payment = Guid.CreateVersion7();
            var began = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Payments.AuthorizeAsync(payment, "pm_ok", 5m, "EUR", token)));
            Assert.All(began, report => Assert.Equal((PaymentStatus.Authorized, 5m), (report.Status, report.Authorized)));

            var ended = await Task.WhenAll(Enumerable.Range(0, 8).Select(
                turn => turn % 2 == 0 ? host.Payments.CaptureAsync(payment, 5m, token) : host.Payments.CancelAsync(payment, token)));
            Assert.All(ended.Where((_, turn) => turn % 2 == 1), report => Assert.Equal((PaymentStatus.Cancelled, report.Captured), (report.Status, report.Refunded)));
            var (times, kept) = await host.ChargedAsync(payment);
            Assert.InRange(times, 0, 1);
            Assert.Equal(0m, kept);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Development")]
    [InlineData("stripe")]
    [Trait("Practice", "P38")]
    public void A_provider_that_is_not_named_stops_the_start_wherever_it_is(string provider)
    {
        Assert.True(new PaymentsOptions.Validator().Validate(Options.DefaultName, new PaymentsOptions { Provider = provider }).Failed);
        Assert.True(new PaymentsOptions.Validator().Validate(Options.DefaultName, new PaymentsOptions { Provider = "development" }).Succeeded);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("not base64 at all, and long enough for a secret")]
    public void A_secret_that_is_none_stops_the_start(string secret)
        => Assert.True(new PaymentsOptions.Validator().Validate(Options.DefaultName, new PaymentsOptions { Provider = "development", WebhookSecrets = [secret] }).Failed);

    [Fact]
    public async Task Development_refuses_to_start_without_a_provider()
    {
        await using var own = new OrdersHost(postgres) { More = { ["Payments:Provider"] = "" } };
        await Assert.ThrowsAsync<OptionsValidationException>(async () => await own.InitializeAsync());
    }

    private static async Task<Guid> OnlyAsync(Caller customer, string state)
    {
        using var mine = await customer.GetAsync("/");
        var order = Assert.Single((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(state, order.GetProperty("state").GetString());
        return order.GetProperty("id").GetGuid();
    }

    private async Task<OrdersHost> StartAsync()
    {
        var own = new OrdersHost(postgres);
        await own.InitializeAsync();
        return own;
    }
}
