using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.Orders.Tests.Support;

namespace SecureShop.Orders.Tests;

/// <summary>What a crash between two steps leaves behind is ended, by one of any number of replicas.</summary>
[Trait("Practice", "P38")]
public sealed class ReconcilerTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    public async Task A_crash_after_storing_the_order_is_finished()
    {
        var id = await CrashedAsync(OrderState.Pending);

        await RunAsync();

        var order = await host.StoredAsync(id);
        Assert.Equal(OrderState.Placed, order.State);
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
        Assert.Equal(OrderState.Placed, (await host.StoredAsync(id)).State);
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

        Assert.Equal(calls + ids.Count, host.Catalog.Calls);
        foreach (var id in ids)
            Assert.Equal(OrderState.Placed, (await host.StoredAsync(id)).State);
    }

    [Fact]
    public async Task The_database_does_not_take_a_halfway_order_that_nobody_would_finish()
    {
        var id = await CrashedAsync(OrderState.Pending);

        var failure = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => host.WithDatabaseAsync(database =>
            database.Database.ExecuteSqlAsync($"UPDATE orders.orders SET next_attempt_at = NULL WHERE id = {id}")));

        Assert.Equal("ck_orders_halfway", failure.ConstraintName);
    }

    [Theory]
    [InlineData(0, 30, 2, 20)]
    [InlineData(5, 14, 2, 20)]
    [InlineData(5, 30, 0, 20)]
    [InlineData(5, 30, 2, 0)]
    public void Settings_that_cannot_work_stop_the_start(int call, int lease, int interval, int batch)
    {
        var options = new ProgressOptions
        {
            CallTimeout = TimeSpan.FromSeconds(call),
            Lease = TimeSpan.FromSeconds(lease),
            Interval = TimeSpan.FromSeconds(interval),
            BatchSize = batch,
        };

        Assert.True(new ProgressOptions.Validator().Validate(Options.DefaultName, options).Failed);
        Assert.True(new ProgressOptions.Validator().Validate(Options.DefaultName, new ProgressOptions()).Succeeded);
    }

    private async Task RunAsync() => await host.Reconciler.RunOnceAsync(TestContext.Current.CancellationToken);

    /// <summary>A row as a process leaves it that dies in this state.</summary>
    private async Task<Guid> CrashedAsync(OrderState state, TimeSpan leased = default)
    {
        var now = host.Clock.GetUtcNow();
        var order = new Order
        {
            Id = Guid.CreateVersion7(now),
            CustomerId = "crashed",
            IdempotencyKey = Guid.NewGuid().ToString(),
            RequestHash = new byte[32],
            CreatedAt = now,
            Lines = [new OrderLine { ProductId = host.Catalog.Add().Id, Position = 0, Quantity = 1 }],
        };
        order.Lease(now + leased);
        if (state == OrderState.Rejecting)
            order.BeginRejecting(Rejection.Unconfirmed);
        if (state == OrderState.Cancelling)
        {
            order.Place([new ReservedLine(order.Lines[0].ProductId, "Kettle", "s", 1, 1m, "EUR")], now);
            order.Cancel(now + leased);
        }

        await host.WithDatabaseAsync(async database =>
        {
            database.Add(order);
            return await database.SaveChangesAsync();
        });
        return order.Id;
    }
}
