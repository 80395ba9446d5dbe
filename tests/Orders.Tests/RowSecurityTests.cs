using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Orders.Tests;

/// <summary>With the code's checks taken away, every row of every table asked for: what the database shows, and that a connection of the pool keeps nothing of it.</summary>
[Trait("Practice", "P13")]
[Trait("Practice", "P14")]
[Trait("Practice", "P16")]
public sealed class RowSecurityTests(PooledDatabase pool) : IClassFixture<PooledDatabase>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customer_reads_their_own_orders_though_all_are_asked_for()
    {
        var (alice, hers) = await pool.CustomerAsync();
        var (_, his) = await pool.CustomerAsync();

        Assert.Equal([hers], await pool.AsAsync(alice, IdsAsync));
        Assert.Equal(2, await pool.AsAsync(alice, database => database.OrderLines.CountAsync(Cancelled)));
        Assert.Null(await pool.AsAsync(alice, database => database.Orders.Include(order => order.Lines).SingleOrDefaultAsync(order => order.Id == his, Cancelled)));
        Assert.Empty(await pool.AsAsync(alice, database => database.Database.SqlQuery<Guid>($"select id from orders.orders where id = {his}").ToListAsync(Cancelled)));
        Assert.Equal(2, (await pool.AsAsync(alice, database => database.Orders.Include(order => order.Lines).SingleAsync(Cancelled))).Lines.Count);
    }

    [Fact]
    public async Task Another_customers_order_is_neither_changed_nor_removed_nor_made()
    {
        var (alice, _) = await pool.CustomerAsync();
        var (bob, his) = await pool.CustomerAsync();
        var before = await pool.AsAsync(bob, StateAsync);

        Assert.Equal(0, await pool.AsAsync(alice, database => database.Orders.Where(order => order.Id == his).ExecuteUpdateAsync(set => set.SetProperty(order => order.PaymentMethod, "pm_changed"), Cancelled)));
        Assert.Equal(0, await pool.AsAsync(alice, database => database.OrderLines.Where(line => line.OrderId == his).ExecuteUpdateAsync(set => set.SetProperty(line => line.Quantity, 9), Cancelled)));
        Assert.Equal(0, await pool.AsAsync(alice, database => database.Orders.Where(order => order.Id == his).ExecuteDeleteAsync(Cancelled)));
        Assert.Equal(0, await pool.AsAsync(alice, database => database.Database.ExecuteSqlAsync($"update orders.orders set payment_method = 'pm_changed' where id = {his}", Cancelled)));
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => pool.AsAsync(alice, database => ChangeAsync(database, Tracked(his, bob))));

        var forged = await Assert.ThrowsAsync<DbUpdateException>(() => pool.AsAsync(alice, database => AddAsync(database, PooledDatabase.NewOrder(bob))));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.IsType<PostgresException>(forged.InnerException).SqlState);
        Assert.Equal(before, await pool.AsAsync(bob, StateAsync));
    }

    [Fact]
    public async Task Its_customer_changes_it_and_staff_and_tasks_read_it()
    {
        var (alice, hers) = await pool.CustomerAsync();
        Assert.Equal(1, await pool.AsAsync(alice, database => database.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.PaymentMethod, "pm_changed"), Cancelled)));
        Assert.Equal(1, await pool.AsAsync(alice, async database => await ChangeAsync(database, await database.Orders.SingleAsync(Cancelled))));

        Assert.Contains(hers, await pool.AsAsync("susan", [Role.Support], [Scope.OrdersAdmin], IdsAsync));
        Assert.DoesNotContain(hers, await pool.AsAsync("susan", [Role.Support], [Scope.OrdersRead], IdsAsync));
        using (DatabaseTask.Reconciling.Begin())
            Assert.Contains(hers, await pool.AsAsync(null, IdsAsync));
        Assert.Empty(await pool.AsAsync(null, IdsAsync));
    }

    [Fact]
    public async Task Whoever_a_request_is_of_from_some_point_on_is_who_the_database_is_asked_for()
    {
        var (alice, hers) = await pool.CustomerAsync();
        var (bob, his) = await pool.CustomerAsync();
        await pool.AsAsync(alice, async database =>
        {
            Assert.Equal([hers], await IdsAsync(database));
            Assert.Equal([hers], await IdsAsync(database));
            new HttpContextAccessor().HttpContext!.User = new(new ClaimsIdentity([new("sub", bob), new("role", Role.Customer)], "token"));
            Assert.Equal([his], await IdsAsync(database));
            new HttpContextAccessor().HttpContext!.User = new(new ClaimsIdentity());
            Assert.Empty(await IdsAsync(database));
            return true;
        });
    }

    [Fact]
    public async Task Of_two_who_change_what_they_have_read_one_is_told()
    {
        // What saves counts the answers by their place: a statement in front of it would count for one of them.
        var (alice, _) = await pool.CustomerAsync();
        await pool.AsAsync(alice, async database =>
        {
            var read = await database.Orders.AsNoTracking().SingleAsync(Cancelled);
            Assert.Equal(1, await ChangeAsync(database, await database.Orders.SingleAsync(Cancelled)));
            database.ChangeTracker.Clear();
            database.Attach(read);
            return await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => ChangeAsync(database, read));
        });
    }

    [Fact]
    public async Task A_connection_of_the_pool_has_nothing_left_of_whom_it_served()
    {
        var (alice, hers) = await pool.CustomerAsync();
        var (bob, his) = await pool.CustomerAsync();
        var server = await pool.AsAsync(null, ServerAsync);

        await AfterAsync(() => pool.AsAsync(alice, IdsAsync));
        await AfterAsync(() => pool.AsAsync(alice, database => database.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.PaymentMethod, "pm_changed"), Cancelled)));
        await AfterAsync(() => pool.AsAsync(alice, async database => await ChangeAsync(database, await database.Orders.SingleAsync(Cancelled))));
        await AfterAsync(() => pool.AsAsync(alice, database => database.InTransactionAsync(async () => await database.Orders.CountAsync(Cancelled) == 1, Cancelled)));

        // Rolled back.
        await AfterAsync(() => pool.AsAsync(alice, database => database.InTransactionAsync(async () => !await database.Orders.AnyAsync(Cancelled), Cancelled)));

        // Failed: in a command, in a transaction, in what is saved.
        await AfterAsync(() => Assert.ThrowsAsync<PostgresException>(() => pool.AsAsync(alice, FailAsync)));
        await AfterAsync(() => Assert.ThrowsAsync<PostgresException>(() => pool.AsAsync(alice, database => database.InTransactionAsync(() => FailAsync(database), _ => true, Cancelled))));
        await AfterAsync(() => Assert.ThrowsAsync<DbUpdateException>(() => pool.AsAsync(alice, database => AddAsync(database, PooledDatabase.NewOrder(bob)))));

        // Cancelled, when the server was at it.
        await AfterAsync(() => CancelledAsync(alice));
        await AfterAsync(async () =>
        {
            using (DatabaseTask.Reconciling.Begin())
                Assert.True((await pool.AsAsync(null, IdsAsync)).Count >= 2);
        });

        async Task AfterAsync(Func<Task> use)
        {
            await use();
            Assert.Equal(server, await pool.AsAsync(null, ServerAsync));
            Assert.Equal("", await pool.AsAsync(null, LeftAsync));
            Assert.Empty(await pool.AsAsync(null, IdsAsync));
            Assert.Equal([his], await pool.AsAsync(bob, IdsAsync));
            Assert.Equal([hers], await pool.AsAsync(alice, IdsAsync));
        }
    }

    [Fact]
    public async Task A_transaction_is_told_anew_after_a_part_of_it_was_undone()
    {
        var (alice, hers) = await pool.CustomerAsync();
        await pool.AsAsync(alice, database => database.InTransactionAsync(async () =>
        {
            var transaction = database.Database.CurrentTransaction!;
            await transaction.CreateSavepointAsync("before", Cancelled);
            Assert.Equal([hers], await IdsAsync(database));
            await transaction.RollbackToSavepointAsync("before", Cancelled);
            Assert.Equal([hers], await IdsAsync(database));

            // And for a task of its own it is the task, and no longer than that.
            using (DatabaseTask.Watching.Begin())
                Assert.Contains(hers, await IdsAsync(database));
            Assert.Equal([hers], await IdsAsync(database));
            return true;
        }, Cancelled));
    }

    [Fact]
    public async Task What_one_begins_is_not_seen_by_others_who_run_at_once()
    {
        var (alice, hers) = await pool.CustomerAsync();
        var (bob, his) = await pool.CustomerAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async turn =>
        {
            var (who, owned) = turn % 2 == 0 ? (alice, hers) : (bob, his);
            Assert.Equal([owned], await pool.AsAsync(who, IdsAsync));
        }));
    }

    [Fact]
    public async Task A_read_is_one_command_as_it_was()
    {
        var (alice, _) = await pool.CustomerAsync();
        Assert.Equal(1, await CommandsAsync(() => pool.AsAsync(alice, IdsAsync)));
        Assert.Equal(1, await CommandsAsync(() => pool.AsAsync(null, IdsAsync)));
        Assert.Equal(1, await CommandsAsync(() => pool.AsAsync(alice, database => database.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.PaymentMethod, "pm_changed"), Cancelled))));

        // What is saved is told ahead.
        Assert.Equal(3, await CommandsAsync(() => pool.AsAsync(alice, async database => await ChangeAsync(database, await database.Orders.SingleAsync(Cancelled)))));
    }

    private static async Task<int> CommandsAsync(Func<Task> work)
    {
        var count = 0;
        using var around = new Activity("commands").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => count += activity.TraceId == around.TraceId && activity.GetTagItem("db.query.text") is not null ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return count;
    }

    private static Task<List<Guid>> IdsAsync(OrdersDbContext database) => database.Orders.OrderBy(order => order.Id).Select(order => order.Id).ToListAsync(Cancelled);

    private static Task<string> StateAsync(OrdersDbContext database)
        => database.Database.SqlQuery<string>($"select string_agg(o::text || l::text, ';' order by l.position) as \"Value\" from orders.orders o join orders.order_lines l on l.order_id = o.id").SingleAsync(Cancelled);

    private static async Task<bool> FailAsync(OrdersDbContext database)
    {
        Assert.Equal(1, await database.Orders.CountAsync(Cancelled));
        await database.Database.ExecuteSqlAsync($"select 1 / (select count(*) - 1 from orders.orders)", Cancelled);
        return true;
    }

    private static Task<int> ServerAsync(OrdersDbContext database) => database.Database.SqlQuery<int>($"select pg_backend_pid() as \"Value\"").SingleAsync(Cancelled);

    private static Task<string> LeftAsync(OrdersDbContext database)
        => database.Database.SqlQuery<string>($"select concat(current_setting('shop.subject', true), current_setting('shop.rights', true), current_setting('shop.task', true)) as \"Value\"").SingleAsync(Cancelled);

    private static Order Tracked(Guid id, string customer)
        => new Order { Id = id, CustomerId = customer, IdempotencyKey = "x", RequestHash = [1], PaymentMethod = "pm_ok", CreatedAt = DateTimeOffset.UnixEpoch };

    private static Task<int> ChangeAsync(OrdersDbContext database, Order order)
    {
        if (database.Entry(order).State == EntityState.Detached)
            database.Attach(order);
        database.Entry(order).Property(changed => changed.PaymentMethod).CurrentValue = $"pm_{Guid.NewGuid():N}";
        return database.SaveChangesAsync(Cancelled);
    }

    private static Task<int> AddAsync(OrdersDbContext database, Order order)
    {
        database.Add(order);
        return database.SaveChangesAsync(Cancelled);
    }

    private async Task CancelledAsync(string customer)
    {
        using var stop = new CancellationTokenSource();
        var asked = pool.AsAsync(customer, database => database.Database.ExecuteSqlAsync($"select pg_sleep(count(*) * 1000) from orders.orders", stop.Token));
        await using var watch = new NpgsqlConnection(pool.Admin);
        await watch.OpenAsync(Cancelled);
        await using var sleeping = new NpgsqlCommand("select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()", watch);
        while (!asked.IsCompleted && await sleeping.ExecuteScalarAsync(Cancelled) is not > 0L)
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancelled);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }
}
