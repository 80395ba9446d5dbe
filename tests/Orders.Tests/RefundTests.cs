using System.Net;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Tests;

/// <summary>Money back: by whom, how much, once.</summary>
public sealed class RefundTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P07")]
    public async Task A_refund_without_fresh_factors_is_challenged_and_passes_after_them()
    {
        var (id, _) = await ShippedAsync(10m);
        foreach (var stale in new[] { host.As(Role.Support), host.Staff(Role.Support, acr: Acr.SingleFactor), host.Staff(Role.Support, ago: TimeSpan.FromMinutes(6)) })
        {
            using var challenged = await RefundAsync(stale, id, 10m);
            await challenged.ProblemAsync(HttpStatusCode.Unauthorized);
            Assert.Contains("insufficient_user_authentication", challenged.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal((1, 10m), await host.ChargedAsync(id));
        using var given = await RefundAsync(host.Staff(Role.Support), id, 10m);
        Assert.Equal(HttpStatusCode.Created, given.StatusCode);
        Assert.Equal((1, 0m), await host.ChargedAsync(id));
        Assert.Equal(OrderState.Refunded, (await host.StoredAsync(id)).State);
        Assert.True(host.Catalog.Holds(id));
    }

    [Theory]
    [Trait("Practice", "P11")]
    [InlineData(Role.Support, 200, true)]
    [InlineData(Role.Support, 200.01, false)]
    [InlineData(Role.Admin, 200.01, true)]
    [InlineData(Role.Admin, 500, true)]
    public async Task Support_gives_up_to_its_limit_and_an_administrator_beyond(string role, double wanted, bool allowed)
    {
        var amount = (decimal)wanted;
        var (id, _) = await ShippedAsync(500m);
        var caller = host.Staff(role);
        using var answer = await RefundAsync(caller, id, amount);
        if (allowed)
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
        else
        {
            await answer.ProblemAsync(HttpStatusCode.Forbidden);
            Assert.Equal((5053, "refund_limit"), (Assert.Single(host.Events.All, one => one["Subject"] == caller.Subject).Id, host.Events.All.Single(one => one["Subject"] == caller.Subject)["Reason"]));
        }

        Assert.Equal((1, allowed ? 500m - amount : 500m), await host.ChargedAsync(id));
    }

    [Fact]
    [Trait("Practice", "P11")]
    public async Task Many_small_refunds_are_a_large_one()
    {
        var (id, _) = await ShippedAsync(500m);
        using var first = await RefundAsync(host.Staff(Role.Support), id, 150m);
        using var second = await RefundAsync(host.Staff(Role.Support), id, 60m);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        await second.ProblemAsync(HttpStatusCode.Forbidden);
        using var rest = await RefundAsync(host.Staff(Role.Admin), id, 350m);
        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        using var more = await RefundAsync(host.Staff(Role.Admin), id, 0.01m);
        await more.ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal((1, 0m), await host.ChargedAsync(id));
    }

    [Fact]
    [Trait("Practice", "P11")]
    public async Task Nobody_pays_themselves()
    {
        var (id, customer) = await ShippedAsync(10m);
        using var own = await RefundAsync(host.Staff(Role.Admin, customer.Subject), id, 10m);
        await own.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal((1, 10m), await host.ChargedAsync(id));
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task The_same_key_is_the_same_refund()
    {
        var (id, _) = await ShippedAsync(100m);
        var susan = host.Staff(Role.Support);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RefundAsync(susan, id, 40m, "refund-0001")));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.Conflict, answer.StatusCode.ToString()));
        using var again = await RefundAsync(susan, id, 40m, "refund-0001");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal((1, 60m), await host.ChargedAsync(id));
        using var other = await RefundAsync(susan, id, 41m, "refund-0001");
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Racing_refunds_give_back_no_more_than_was_paid()
    {
        var (id, _) = await ShippedAsync(100m);
        var adam = host.Staff(Role.Admin);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefundAsync(adam, id, 60m)));
        Assert.Equal((1, 40m), await host.ChargedAsync(id));
        Assert.Equal(60m, (await host.StoredAsync(id)).Refunded);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_refund_whose_answer_is_lost_is_asked_again_and_given_once()
    {
        var (id, _) = await ShippedAsync(100m);
        host.Payments.Afterwards = (call, report) => call == "refund" ? throw new TimeoutException() : Task.FromResult(report);
        try
        {
            using var pending = await RefundAsync(host.Staff(Role.Admin), id, 100m);
            Assert.Equal(HttpStatusCode.Accepted, pending.StatusCode);
            Assert.Equal(OrderState.Shipped, (await host.StoredAsync(id)).State);
            using var second = await RefundAsync(host.Staff(Role.Admin), id, 1m);
            await second.ProblemAsync(HttpStatusCode.Conflict);
        }
        finally
        {
            host.Payments.Afterwards = null;
        }

        await host.SettleAsync();
        Assert.Equal((1, 0m), await host.ChargedAsync(id));
        Assert.Equal(OrderState.Refunded, (await host.StoredAsync(id)).State);
    }

    [Fact]
    public async Task What_the_provider_refuses_can_be_asked_for_again()
    {
        var (id, _) = await ShippedAsync(100m);
        host.Payments.Instead = call => Task.FromResult<PaymentReport?>(call == "refund" ? new(PaymentStatus.Refused, 100m, 100m, 0, "EUR") : null);
        try
        {
            using var refused = await RefundAsync(host.Staff(Role.Admin), id, 100m);
            await refused.ProblemAsync(HttpStatusCode.Conflict);
        }
        finally
        {
            host.Payments.Instead = null;
        }

        using var again = await RefundAsync(host.Staff(Role.Admin), id, 100m);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal((1, 0m), await host.ChargedAsync(id));
    }

    [Fact]
    public async Task What_is_not_shipped_is_cancelled_and_not_refunded()
    {
        var id = await host.Customer().PlacedAsync(host.Catalog.Add());
        using var answer = await RefundAsync(host.Staff(Role.Admin), id, 1m);
        await answer.ProblemAsync(HttpStatusCode.Conflict);
        using var none = await RefundAsync(host.Staff(Role.Admin), Guid.CreateVersion7(), 1m);
        await none.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.001")]
    [InlineData("1e30")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    public async Task An_amount_that_is_none_is_refused(string amount)
    {
        var (id, _) = await ShippedAsync(100m);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/{id}/refunds") { Content = new StringContent($"{{\"amount\":{amount}}}", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "refund-0001");
        using var answer = await host.Staff(Role.Admin).SendAsync(request);
        await answer.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal((1, 100m), await host.ChargedAsync(id));
    }

    private static Task<HttpResponseMessage> RefundAsync(Caller caller, Guid id, decimal amount, string? key = null)
        => caller.PostAsync($"/{id}/refunds", new { amount }, key ?? $"{Guid.NewGuid()}");

    private async Task<(Guid Id, Caller Customer)> ShippedAsync(decimal price)
    {
        var sam = host.As(Role.Seller);
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add(price: price, seller: sam.Subject));
        using var shipped = await sam.PostAsync($"/{id}/ship");
        Assert.Equal(HttpStatusCode.OK, shipped.StatusCode);
        return (id, customer);
    }
}
