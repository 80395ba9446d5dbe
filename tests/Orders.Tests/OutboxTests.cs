using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.Orders.Tests.Support;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Tests;

/// <summary>What a crash between two steps leaves behind is ended, by one of any number of replicas.</summary>
[Trait("Practice", "P38")]
public sealed class OutboxTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    public async Task A_crash_after_storing_the_order_is_finished()
    {
        var id = await CrashedAsync(OrderState.Pending);

        await RunAsync();

        var order = await host.StoredAsync(id);
        Assert.Equal(OrderState.Confirmed, order.State);
        Assert.Equal(24.90m, order.Total);
        Assert.True(host.Catalog.Holds(id));
    }

    [Fact]
    public async Task A_fresh_order_is_left_to_the_request_that_works_on_it()
    {
        var id = await CrashedAsync(OrderState.Pending, leased: TimeSpan.FromSeconds(30));

        await RunAsync();

        Assert.Equal(OrderState.Pending, (await host.StoredAsync(id)).State);
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        await RunAsync();
        Assert.Equal(OrderState.Confirmed, (await host.StoredAsync(id)).State);
    }

    [Fact]
    public async Task An_old_order_is_given_up_and_released()
    {
        var id = await CrashedAsync(OrderState.Pending);
        host.Clock.Advance(TimeSpan.FromMinutes(11));

        await RunAsync();

        Assert.Equal(OrderState.Rejected, (await host.StoredAsync(id)).State);
        Assert.False(host.Catalog.Holds(id));
    }

    [Fact]
    public async Task A_crash_while_giving_up_or_cancelling_is_finished()
    {
        var rejecting = await CrashedAsync(OrderState.Rejecting);
        var cancelling = await CrashedAsync(OrderState.Cancelling);

        await RunAsync();

        Assert.Equal(OrderState.Rejected, (await host.StoredAsync(rejecting)).State);
        Assert.Equal(OrderState.Cancelled, (await host.StoredAsync(cancelling)).State);
    }

    [Fact]
    public async Task Replicas_share_the_work_without_doing_any_twice()
    {
        // What another test of this class has left, in whatever order they run.
        await RunAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 12; i++)
            ids.Add(await CrashedAsync(OrderState.Pending));
        var calls = host.Catalog.Calls;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync()));

        // To reserve, and to confirm.
        Assert.Equal(calls + (2 * ids.Count), host.Catalog.Calls);
        foreach (var id in ids)
        {
            Assert.Equal(OrderState.Confirmed, (await host.StoredAsync(id)).State);
            Assert.Equal((1, 24.90m), await host.ChargedAsync(id));
        }
    }

    [Fact]
    public async Task The_database_does_not_take_a_halfway_order_that_nobody_would_finish()
    {
        var id = await CrashedAsync(OrderState.Pending);

        var failure = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => host.WithDatabaseAsync(database =>
            database.Database.ExecuteSqlAsync($"update orders.orders set step_id = null where id = {id}")));

        Assert.Equal("ck_orders_halfway", failure.ConstraintName);
    }

    [Theory]
    [InlineData("reserved")]
    [InlineData("authorized")]
    public async Task A_crash_between_goods_and_money_is_finished_and_charged_once(string state)
    {
        var id = await CrashedAsync(OrderStates.Parse(state)!.Value);

        await RunAsync();
        await RunAsync();

        Assert.Equal(OrderState.Confirmed, (await host.StoredAsync(id)).State);
        Assert.True(host.Catalog.HasConfirmed(id));
        Assert.Equal((1, 24.90m), await host.ChargedAsync(id));
    }

    [Fact]
    public async Task A_step_goes_with_its_effect_and_the_next_one_comes()
    {
        var id = await CrashedAsync(OrderState.Reserved);
        var before = (await host.StoredAsync(id)).Step!;
        Assert.Equal("authorize", before.Kind);
        host.Payments.Instead = call => Task.FromResult<PaymentReport?>(call == "capture" ? throw new TimeoutException() : null);
        try
        {
            await RunAsync();
        }
        finally
        {
            host.Payments.Instead = null;
        }

        var after = (await host.StoredAsync(id)).Step!;
        Assert.Equal(("settle", 1, 0), (after.Kind, after.Attempts, after.Failures));
        Assert.NotEqual(before.Id, after.Id);
        Assert.False(await host.WithDatabaseAsync(database => database.Set<OutboxMessage>().AnyAsync(message => message.Id == before.Id)));
        await host.SettleAsync();
        Assert.Equal(OrderState.Confirmed, (await host.StoredAsync(id)).State);
    }

    [Fact]
    public void A_delay_doubles_up_to_its_bound()
    {
        var options = new OutboxOptions();
        Assert.Equal([2, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(attempts => (int)options.DelayAfter(attempts).TotalSeconds));
        Assert.Equal(60, options.DelayAfter(int.MaxValue).TotalSeconds);
    }

    [Theory]
    [InlineData(0, 600)]
    [InlineData(11, 600)]
    [InlineData(5, 0)]
    public void Progress_that_cannot_work_stops_the_start(int call, int giveUp)
    {
        var options = new ProgressOptions { CallTimeout = TimeSpan.FromSeconds(call), GiveUpAfter = TimeSpan.FromSeconds(giveUp) };
        Assert.True(new ProgressOptions.Validator().Validate(Options.DefaultName, options).Failed);
        Assert.True(new ProgressOptions.Validator().Validate(Options.DefaultName, new ProgressOptions()).Succeeded);
    }

    [Theory]
    [InlineData(29, 2, 20, 20, 60)]
    [InlineData(30, 0, 20, 20, 60)]
    [InlineData(30, 2, 0, 20, 60)]
    [InlineData(30, 2, 1001, 20, 60)]
    [InlineData(30, 2, 20, 0, 60)]
    [InlineData(30, 2, 20, 20, 0)]
    public void An_outbox_that_cannot_work_stops_the_start(int lease, int interval, int batch, int failures, int longest)
    {
        var options = new OutboxOptions
        {
            Lease = TimeSpan.FromSeconds(lease),
            Interval = TimeSpan.FromSeconds(interval),
            BatchSize = batch,
            MaxFailures = failures,
            LongestDelay = TimeSpan.FromSeconds(longest),
        };
        Assert.True(new OutboxOptions.Validator().Validate(Options.DefaultName, options).Failed);
        Assert.True(new OutboxOptions.Validator().Validate(Options.DefaultName, new OutboxOptions()).Succeeded);
    }

    private async Task RunAsync() => await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken);

    /// <summary>A row as a process leaves it that dies in this state.</summary>
    private async Task<Guid> CrashedAsync(OrderState state, TimeSpan leased = default)
    {
        var now = host.Clock.GetUtcNow();
        var product = host.Catalog.Add();
        var order = new Order
        {
            Id = Guid.CreateVersion7(now),
            CustomerId = $"crashed-{Guid.NewGuid():N}",
            IdempotencyKey = Guid.NewGuid().ToString(),
            RequestHash = new byte[32],
            PaymentMethod = "pm_ok",
            CreatedAt = now,
            Lines = [new OrderLine { ProductId = product.Id, Position = 0, Quantity = 1 }],
        };
        if (state == OrderState.Rejecting)
            order.BeginRejecting(Rejection.Unconfirmed);
        if (state is OrderState.Reserved or OrderState.Authorized or OrderState.Cancelling)
        {
            host.Catalog.Hold(order.Id, product);
            order.Reserve([new ReservedLine(product.Id, product.Name, product.Seller, 1, product.Price, product.Currency)], now.AddMinutes(15), now);
        }

        if (state is OrderState.Authorized)
        {
            await host.Payments.AuthorizeAsync(order.Id, order.PaymentMethod, product.Price, product.Currency, TestContext.Current.CancellationToken);
            order.Authorize();
        }

        if (state == OrderState.Cancelling)
            order.Cancel();
        var step = new OutboxMessage { Id = Guid.CreateVersion7(now), Kind = state.Step()!, Subject = order.Id, CreatedAt = now };
        step.Lease(now + leased);
        order.Expect(step);
        await host.WithDatabaseAsync(async database =>
        {
            database.Add(order);
            return await database.SaveChangesAsync();
        });
        return order.Id;
    }
}
