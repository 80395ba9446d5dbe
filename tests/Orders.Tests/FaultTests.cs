using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Payments;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>
/// At each call to another: not done, done and never said, answered with nonsense, done twice, and the database gone meanwhile. When all is well again,
/// goods and money agree with the order, nobody was charged twice, no order is lost, and the audit trail has each change of it once.
/// </summary>
[Trait("Practice", "P38")]
[Trait("Practice", "P39")]
public sealed class FaultTests(PostgresFixture postgres)
{
    private static readonly string[] CatalogCalls = ["reserve", "confirm", "release"];
    private static readonly string[] PaymentCalls = ["authorize", "capture", "cancel"];
    private static readonly string[] Faults = ["refused", "unsaid", "nonsense", "twice", "no database"];

    public static IEnumerable<TheoryDataRow<string>> Kinds => Faults.Select(fault => new TheoryDataRow<string>(fault));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Goods_and_money_agree_with_the_order_after_any_fault(string fault)
    {
        await using var host = new OrdersHost(postgres) { More = { ["Progress:CallTimeout"] = "00:00:02" } };
        await host.InitializeAsync();
        foreach (var call in CatalogCalls.Concat(PaymentCalls))
        {
            var customer = host.Customer();
            var product = host.Catalog.Add();
            var cancels = call is "release" or "cancel";
            var placed = cancels ? await customer.PlacedAsync(product) : Guid.Empty;

            Break(host, call, fault);
            using var answer = cancels ? await customer.CancelAsync(placed) : await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
            var status = answer.StatusCode;
            Mend(host);
            await host.SettleAsync();

            var id = await host.WithDatabaseAsync(database => database.Orders.Where(order => order.CustomerId == customer.Subject).Select(order => order.Id).SingleAsync());
            var order = await host.StoredAsync(id);
            var (times, kept) = await host.ChargedAsync(id);
            var what = $"{call} {fault}: {(int)status}, then {order.State}, charged {times} times, {kept} kept, held {host.Catalog.Holds(id)}";
            Assert.True(!order.IsHalfway, what);
            Assert.True(times <= 1, what);
            Assert.True(cancels ? order.State == OrderState.Cancelled : order.State is OrderState.Confirmed or OrderState.Rejected, what);
            Assert.True(order.State == OrderState.Confirmed ? kept == 24.90m && host.Catalog.HasConfirmed(id) : kept == 0 && !host.Catalog.Holds(id), what);

            var trail = await host.TrailAsync(id);
            Assert.True(OrdersHost.LeadsTo(order, trail), $"{what}; the audit trail: {string.Join(", ", trail)}");

            // What the customer was told, and is told when they ask again, is what is.
            Assert.True(status != HttpStatusCode.Created || order.State == OrderState.Confirmed, what);
            if (!cancels)
            {
                using var again = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
                Assert.True((again.StatusCode == HttpStatusCode.Created) == (order.State == OrderState.Confirmed), $"{what}; again {again.StatusCode}");
                Assert.Equal((times, kept), await host.ChargedAsync(id));
            }
        }
    }

    [Theory]
    [InlineData("placing")]
    [InlineData("cancelling")]
    public async Task Racing_workers_do_everything_once(string what)
    {
        await using var host = new OrdersHost(postgres) { More = { ["Progress:CallTimeout"] = "00:00:02" } };
        await host.InitializeAsync();
        var customer = host.Customer();
        var ids = new List<Guid>();
        if (what == "cancelling")
            ids.AddRange([await customer.PlacedAsync(host.Catalog.Add()), await customer.PlacedAsync(host.Catalog.Add())]);
        host.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(503));
        if (what == "placing")
        {
            for (var i = 0; i < 4; i++)
            {
                using var refused = await customer.PlaceAsync(Body.Of((host.Catalog.Add(), 1)));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            }
        }

        foreach (var id in ids)
        {
            using var accepted = await customer.CancelAsync(id);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        host.Catalog.Instead = null;
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken)));
        await host.SettleAsync();

        using var mine = await customer.GetAsync("/");
        foreach (var order in (await mine.JsonAsync()).GetProperty("items").EnumerateArray())
        {
            var id = order.GetProperty("id").GetGuid();
            Assert.Equal(what == "placing" ? "confirmed" : "cancelled", order.GetProperty("state").GetString());
            Assert.Equal((1, what == "placing" ? 24.90m : 0m), await host.ChargedAsync(id));
            Assert.Equal(what == "placing", host.Catalog.HasConfirmed(id));
            Assert.True(OrdersHost.LeadsTo(await host.StoredAsync(id), await host.TrailAsync(id)));
        }
    }

    [Fact]
    public async Task Who_is_overtaken_while_reserving_leaves_nothing_behind()
    {
        await using var host = new OrdersHost(postgres);
        await host.InitializeAsync();
        host.Catalog.Instead = async _ =>
        {
            // Before the answer, another replica does it all: the lease was over.
            host.Catalog.Instead = null;
            var now = host.Clock.GetUtcNow();
            await host.WithDatabaseAsync(database => database.Database.ExecuteSqlAsync($"update orders.outbox_messages set next_attempt_at = {now}"));
            await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken);
            return null;
        };

        var id = await host.Customer().PlacedAsync(host.Catalog.Add());

        Assert.Equal(["none pending", "pending reserved", "reserved authorized", "authorized confirmed"], await host.TrailAsync(id));
        Assert.Equal((1, 24.90m), await host.ChargedAsync(id));
        Assert.False(await host.WithDatabaseAsync(database => database.Set<OutboxMessage>().AnyAsync()));
    }

    private static void Break(OrdersHost host, string call, string fault)
    {
        if (PaymentCalls.Contains(call))
            BreakPayments(host, call, fault);
        else
            BreakCatalog(host, call, fault);
    }

    private static void BreakPayments(OrdersHost host, string call, string fault)
    {
        host.Payments.Instead = async asked => asked != call ? null : fault switch
        {
            "refused" => throw new HttpRequestException("The provider is away."),
            "nonsense" => new PaymentReport(PaymentStatus.Captured, -1, 1_000_000, 5, "???"),
            _ => await Task.FromResult<PaymentReport?>(null),
        };
        host.Payments.Afterwards = async (asked, report) =>
        {
            if (asked != call)
                return report;
            if (fault == "unsaid")
                throw new TimeoutException("The answer is lost.");
            if (fault == "no database")
                await CutAsync(host);
            return report;
        };
        if (fault == "twice")
            host.Payments.Twice = true;
    }

    private static void BreakCatalog(OrdersHost host, string call, string fault)
    {
        if (fault == "unsaid")
        {
            host.Catalog.HangAt = http => CallOf(http) == call;
            return;
        }

        host.Catalog.Instead = async http =>
        {
            if (CallOf(http) != call)
                return null;
            if (fault == "no database")
                await CutAsync(host);
            return fault switch
            {
                "refused" => Results.StatusCode(500),
                "nonsense" => call == "reserve" ? Results.Text("<html>", "application/json") : Results.StatusCode(418),
                _ => null,
            };
        };
        host.Catalog.Twice = fault == "twice";
    }

    private static void Mend(OrdersHost host)
    {
        (host.Catalog.Instead, host.Catalog.HangAt, host.Catalog.Twice) = (null, null, false);
        (host.Payments.Instead, host.Payments.Afterwards, host.Payments.Twice) = (null, null, false);
    }

    private static string CallOf(HttpContext http) => http.Request.Method == "DELETE" ? "release" : http.Request.Path.Value!.EndsWith("/confirmed", StringComparison.Ordinal) ? "confirm" : "reserve";

    /// <summary>All connections of the service end at once, in the middle of what it does.</summary>
    private static Task<int> CutAsync(OrdersHost host) => host.WithDatabaseAsync(database => database.Database.ExecuteSqlAsync(
        $"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"));
}
