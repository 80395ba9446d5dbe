using System.Net;
using Microsoft.AspNetCore.Http;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>Cancelling an order, also when the catalog is away.</summary>
public sealed class CancellationTests(OrdersHost host, PostgresFixture postgres) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_cancelled_order_gives_its_stock_back_once_however_often_it_is_cancelled()
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());

        using var first = await customer.CancelAsync(id);
        var calls = host.Catalog.Calls;
        using var again = await customer.CancelAsync(id);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("cancelled", (await first.JsonAsync()).GetProperty("state").GetString());
        Assert.Equal((await first.JsonAsync()).GetRawText(), (await again.JsonAsync()).GetRawText());
        Assert.False(host.Catalog.Holds(id));
        Assert.Equal(calls, host.Catalog.Calls);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task Racing_cancellations_all_succeed()
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => customer.CancelAsync(id)));

        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString()));
        Assert.Equal(OrderState.Cancelled, (await host.StoredAsync(id)).State);
        Assert.False(host.Catalog.Holds(id));
    }

    [Fact]
    [Trait("Practice", "P11")]
    public async Task An_order_that_did_not_come_about_cannot_be_cancelled()
    {
        var customer = host.Customer();
        using var refused = await customer.PlaceAsync(Body.Of((host.Catalog.Add(stock: 0), 1)));
        using var mine = await customer.GetAsync("/");
        var id = (await mine.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid();

        using var answer = await customer.CancelAsync(id);

        await answer.ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(OrderState.Rejected, (await host.StoredAsync(id)).State);
    }

    [Fact]
    public async Task If_Match_lets_a_client_cancel_only_what_it_has_seen()
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        using var read = await customer.GetAsync($"/{id}");
        var tag = read.Headers.ETag!.ToString();

        using var stale = await customer.CancelAsync(id, "\"00000000\"");
        using var weak = await customer.CancelAsync(id, $"W/{tag}");
        using var garbage = await customer.CancelAsync(id, "not a tag");
        using var right = await customer.CancelAsync(id, $"\"other\", {tag}");

        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed);
        await weak.ProblemAsync(HttpStatusCode.PreconditionFailed);
        await garbage.ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_cancellation_survives_a_catalog_that_is_away()
    {
        await using var own = new OrdersHost(postgres);
        await own.InitializeAsync();
        var customer = own.Customer();
        var id = await customer.PlacedAsync(own.Catalog.Add());
        own.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(500));

        using var answer = await customer.CancelAsync(id);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("cancelling", (await answer.JsonAsync()).GetProperty("state").GetString());
        own.Catalog.Instead = null;
        Assert.Equal(0, await own.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));
        own.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await own.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));
        Assert.Equal(OrderState.Cancelled, (await own.StoredAsync(id)).State);
        Assert.False(own.Catalog.Holds(id));
    }
}
