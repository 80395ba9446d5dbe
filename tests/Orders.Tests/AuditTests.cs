using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SecureShop.Database.Auditing;
using SecureShop.Orders.Tests.Support;
using SecureShop.Storage.Audit;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>What of security events stays in the schema of orders.</summary>
public sealed class AuditTests(OrdersHost host, PostgresFixture postgres) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P33")]
    [Trait("Practice", "P16")]
    public async Task Naming_another_customers_order_is_a_row_of_the_trail_and_naming_none_is_not()
    {
        var id = await host.Customer().PlacedAsync(host.Catalog.Add());
        var other = host.Customer();
        using var none = await other.GetAsync($"/{Guid.CreateVersion7()}");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var theirs = await other.GetAsync($"/{id}");
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);

        // Nobody waits for it: it comes in its time.
        var rows = await RowsAsync(other.Subject);
        while (rows.Count == 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            rows = await RowsAsync(other.Subject);
        }

        var row = Assert.Single(rows);
        Assert.Equal((1003, "OwnershipRefused", "not_owner", 404), (row.EventId, row.EventName, row.Reason, row.Status));
    }

    [Fact]
    [Trait("Practice", "P33")]
    [Trait("Practice", "P39")]
    public async Task What_is_committed_when_the_service_dies_gets_into_the_trail_once()
    {
        await using var own = new OrdersHost(postgres);
        await own.InitializeAsync();

        var alice = own.Customer();
        Guid id;
        await using (var holder = await HoldAsync(own))
        {
            // Nobody is kept waiting by that, and nothing gets into the trail.
            id = await alice.PlacedAsync(own.Catalog.Add());
            using var cancelled = await alice.CancelAsync(id);
            Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
            Assert.Equal((6, 0), await CountAsync(own));

            // The service dies while it takes it on: out of the one table and not yet in the other.
            var waits = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%audit_forward%')";
            while (!(bool)(await RunAsync(holder, waits))!)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            await RunAsync(holder, "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and usename = 'orders_app'");
            Assert.Equal((6, 0), await CountAsync(own));
        }

        // By whoever is there then, all at once.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => own.Forwarder.RunOnceAsync(TestContext.Current.CancellationToken)));
        Assert.Equal((0, 6), await CountedAsync(own));
        Assert.Equal(
            ["none pending", "pending reserved", "reserved authorized", "authorized confirmed", "confirmed cancelling", "cancelling cancelled"], await own.TrailAsync(id));

        // By request of the customer, or by the shop on its own.
        var rows = await own.WithDatabaseAsync(database => database.Set<AuditRow>().OrderBy(row => row.Id).Select(row => $"{row.Actor} {row.Route}").ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([$"{alice.Subject} /", "shop /", "shop /", "shop /", $"{alice.Subject} /{{id:guid}}/cancel", "shop /{id:guid}/cancel"], rows);
        Assert.Null(await FaultAsync(own));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task What_is_not_committed_leaves_no_trace_in_the_trail_and_what_is_does_not_wait_for_it()
    {
        await using var own = new OrdersHost(postgres);
        await own.InitializeAsync();
        Guid[] ids;
        var (alice, bob) = (own.Customer(), own.Customer());

        // Somebody holds the chain for as long as they like: orders go on, also of two customers at once.
        await using (await HoldAsync(own))
            ids = await Task.WhenAll(alice.PlacedAsync(own.Catalog.Add()), bob.PlacedAsync(own.Catalog.Add()));
        foreach (var id in ids)
            Assert.True(OrdersHost.LeadsTo(await own.StoredAsync(id), await own.TrailAsync(id)));

        // Of what the bounds refuse nothing is stored, and nothing told.
        var product = own.Catalog.Add();
        for (var orders = 0; orders < 2; orders++)
            await bob.PlacedAsync(product, 99);
        var stored = (await CountedAsync(own)).Trail;
        using var above = await bob.PlaceAsync(Body.Of((product, 99)));
        Assert.Equal(HttpStatusCode.Conflict, above.StatusCode);
        Assert.Equal(stored, (await CountedAsync(own)).Trail);
        Assert.Null(await FaultAsync(own));
    }

    [Fact]
    [Trait("Practice", "P33")]
    [Trait("Practice", "P14")]
    public async Task The_service_can_neither_read_change_nor_remove_what_waits_for_the_trail()
    {
        await using var own = new OrdersHost(postgres);
        await own.InitializeAsync();
        Guid id;
        await using var app = new NpgsqlConnection(ReadyDatabases.As(own.AdminConnection, "orders_app"));
        await app.OpenAsync(TestContext.Current.CancellationToken);
        await using (await HoldAsync(own))
        {
            id = await own.Customer().PlacedAsync(own.Catalog.Add());
            foreach (var task in (string[])["audit", "reconciling", ""])
            {
                await RunAsync(app, $"set shop.task = '{task}'");
                Assert.Equal(0L, await RunAsync(app, "select count(*) from orders.audit_waiting"));
                foreach (var statement in (string[])["delete from orders.audit_waiting", "update orders.audit_waiting set event_id = 1", "truncate orders.audit_waiting", "select orders.audit_hash(null, null)"])
                    Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => RunAsync(app, statement))).SqlState);
            }

            Assert.Equal((4, 0), await CountAsync(own));
        }

        // All it can do is have it taken on.
        await RunAsync(app, "select count(*) from orders.audit_forward(3)");
        Assert.True(OrdersHost.LeadsTo(await own.StoredAsync(id), await own.TrailAsync(id)));
    }

    /// <summary>Keeps everybody from the chain until the answer is disposed of.</summary>
    private static async Task<NpgsqlConnection> HoldAsync(OrdersHost own)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(own.AdminConnection) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync(connection, "begin");
        await RunAsync(connection, "lock table orders.audit_events in share mode");
        return connection;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statements are constants.")]
    private static async Task<object?> RunAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static Task<(int Waiting, int Trail)> CountAsync(OrdersHost own) => own.WithDatabaseAsync(async database =>
        (await database.Set<WaitingAuditRow>().CountAsync(TestContext.Current.CancellationToken), await database.Set<AuditRow>().CountAsync(TestContext.Current.CancellationToken)));

    /// <summary>Once nothing waits.</summary>
    private static async Task<(int Waiting, int Trail)> CountedAsync(OrdersHost own)
    {
        await own.TrailAsync(Guid.Empty);
        return await CountAsync(own);
    }

    /// <summary>What verify-audit finds wrong with the chain.</summary>
    private static async Task<string?> FaultAsync(OrdersHost own)
    {
        await using var connection = new NpgsqlConnection(own.AdminConnection);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return (await new ChainLook(connection, TextWriter.Null).RunAsync("orders", TestContext.Current.CancellationToken)).Fault;
    }

    private Task<List<AuditRow>> RowsAsync(string subject) => host.WithDatabaseAsync(database =>
        database.Set<AuditRow>().AsNoTracking().Where(row => row.Subject == subject).ToListAsync(TestContext.Current.CancellationToken));
}
