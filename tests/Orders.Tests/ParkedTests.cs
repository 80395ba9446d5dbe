using System.Net;
using Microsoft.AspNetCore.Http;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>A message that cannot be carried out is parked, seen, and carried out after all when an administrator says so.</summary>
[Trait("Practice", "P38")]
public sealed class ParkedTests(PostgresFixture postgres)
{
    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_message_that_fails_for_ever_is_parked_and_told_and_can_be_freed()
    {
        await using var host = new OrdersHost(postgres) { More = { ["Outbox:MaxFailures"] = "3" } };
        await host.InitializeAsync();
        var (alice, adam) = (host.Customer(), host.As(Role.Admin));
        var id = await alice.PlacedAsync(host.Catalog.Add());
        var other = await alice.PlacedAsync(host.Catalog.Add());

        // To this question alone the catalog has no sensible answer.
        host.Catalog.Instead = http => Task.FromResult(http.Request.Method == "DELETE" && http.Request.Path.Value!.Contains($"{id}", StringComparison.Ordinal) ? Results.StatusCode(418) : null);
        using var accepted = await alice.CancelAsync(id);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await host.SettleAsync();

        Assert.Equal(OrderState.Cancelling, (await host.StoredAsync(id)).State);
        var parked = Assert.Single(host.Events.All, one => one.Id == 4141);
        Assert.Equal(("MessageParked", "give_back", $"{id}", "3"), (parked.Name, parked["Kind"], parked["About"], parked["Failures"]));
        using var listed = await adam.GetAsync("/parked");
        var item = Assert.Single((await listed.JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(["id", "kind", "about", "createdAt", "parkedAt", "failures"], item.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("give_back", id), (item.GetProperty("kind").GetString(), item.GetProperty("about").GetGuid()));

        // It keeps nobody else waiting, and is not tried.
        using var cancelled = await alice.CancelAsync(other);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        host.Clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(0, await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));

        host.Catalog.Instead = null;
        using var freed = await adam.PostAsync($"/parked/{item.GetProperty("id").GetGuid()}/retry");
        Assert.Equal(HttpStatusCode.NoContent, freed.StatusCode);
        Assert.Equal(1, await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));
        Assert.Equal(OrderState.Cancelled, (await host.StoredAsync(id)).State);
        Assert.False(host.Catalog.Holds(id));
        Assert.Equal((1, 0m), await host.ChargedAsync(id));
        using var again = await adam.PostAsync($"/parked/{item.GetProperty("id").GetGuid()}/retry");
        await again.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_catalog_that_is_away_for_days_parks_nothing()
    {
        await using var host = new OrdersHost(postgres) { More = { ["Outbox:MaxFailures"] = "1" } };
        await host.InitializeAsync();
        var alice = host.Customer();
        var id = await alice.PlacedAsync(host.Catalog.Add());
        host.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(503));
        using var accepted = await alice.CancelAsync(id);
        for (var day = 0; day < 5; day++)
        {
            host.Clock.Advance(TimeSpan.FromDays(1));
            Assert.Equal(1, await host.Outbox.RunOnceAsync(TestContext.Current.CancellationToken));
        }

        host.Catalog.Instead = null;
        await host.SettleAsync();
        Assert.Equal(OrderState.Cancelled, (await host.StoredAsync(id)).State);
    }

    [Fact]
    public async Task A_message_of_a_kind_that_nobody_knows_is_parked()
    {
        await using var host = new OrdersHost(postgres) { More = { ["Outbox:MaxFailures"] = "2" } };
        await host.InitializeAsync();
        await host.ParkAsync();
        using var freed = await host.As(Role.Admin).PostAsync($"/parked/{host.Parked}/retry");
        await host.SettleAsync();
        Assert.Single(host.Events.All, one => one.Id == 4141);
    }
}
