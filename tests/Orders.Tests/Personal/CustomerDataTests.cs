using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Audit;
using SecureShop.Storage.PersonalData;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Personal;

/// <summary>What customers ask of the orders by way of Identity: a copy, and an end of what is personal in them.</summary>
[Trait("Practice", "P36")]
public sealed class CustomerDataTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PersonalDataWorker Worker => host.Services.GetRequiredService<PersonalDataWorker>();

    [Fact]
    [Trait("Practice", "P16")]
    public async Task The_copy_has_every_order_of_its_customer_with_where_it_went_and_nothing_of_anothers()
    {
        var (customer, other) = (host.Customer(), host.Customer());
        var product = host.Catalog.Add();
        var delivery = Deliveries.Canaries();
        var sent = await customer.PlacedAsync(product, delivery);
        var fetched = await customer.PlacedAsync(product);
        var theirs = await other.PlacedAsync(product, Deliveries.Canaries());
        using (var shipped = await host.As(Role.Seller, product.Seller).PostAsync($"/{sent}/ship"))
            Assert.True(shipped.IsSuccessStatusCode);
        using (var refunded = await host.Staff(Role.Support).PostAsync($"/{sent}/refunds", new { amount = 1.50m }, Guid.NewGuid().ToString()))
            Assert.True(refunded.IsSuccessStatusCode);

        var answer = await AskedAsync(customer.Subject, "export");

        Assert.Equal("done", answer.GetProperty("state").GetString());
        var orders = answer.GetProperty("content").EnumerateArray().ToList();
        Assert.Equal([sent, fetched], orders.Select(order => order.GetProperty("order").GetProperty("id").GetGuid()));
        Assert.Equal(delivery.OrderBy(field => field.Key, StringComparer.Ordinal), orders[0].GetProperty("delivery").EnumerateObject()
            .Select(field => KeyValuePair.Create(field.Name, field.Value.GetString())).OrderBy(field => field.Key, StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Null, orders[1].GetProperty("delivery").ValueKind);
        Assert.Equal(1.50m, Assert.Single(orders[0].GetProperty("refunds").EnumerateArray()).GetProperty("amount").GetDecimal());
        Assert.Equal("pm_ok", orders[0].GetProperty("paymentMethod").GetString());
        foreach (var foreign in (string[])[$"{theirs}", other.Subject])
            Assert.DoesNotContain(foreign, answer.GetRawText(), StringComparison.Ordinal);
        Assert.Single(host.Events.All, one => one.Id == 4083 && one["Subject"] == customer.Subject);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("erase")]
    public async Task Who_has_bought_nothing_is_answered_too(string kind)
    {
        var answer = await AskedAsync(host.Customer().Subject, kind);
        Assert.Equal("done", answer.GetProperty("state").GetString());
        if (kind == "export")
            Assert.Empty(answer.GetProperty("content").EnumerateArray());
    }

    [Fact]
    [Trait("Practice", "P21")]
    [Trait("Practice", "P33")]
    public async Task Erased_is_what_was_to_be_sent_cancelled_and_where_it_went_readable_by_nobody()
    {
        var (customer, other) = (host.Customer(), host.Customer());
        var product = host.Catalog.Add();
        var (delivery, kept) = (Deliveries.Canaries(), Deliveries.Canaries());
        var (sent, waiting, theirs) = (await customer.PlacedAsync(product, delivery), await customer.PlacedAsync(product, delivery), await other.PlacedAsync(product, kept));
        using (var shipped = await host.As(Role.Seller, product.Seller).PostAsync($"/{sent}/ship"))
            Assert.True(shipped.IsSuccessStatusCode);
        Assert.Equal(delivery, await customer.DeliveryAsync(sent));

        await AskedAsync(customer.Subject, "erase");

        // What could still be cancelled is, with money and stock given back; what was sent stays what it is: money that was paid.
        Assert.Equal((OrderState.Cancelled, OrderState.Shipped), ((await host.StoredAsync(waiting)).State, (await host.StoredAsync(sent)).State));
        Assert.Equal((1, 0m), await host.ChargedAsync(waiting));
        Assert.False(host.Catalog.Holds(waiting));
        Assert.True(host.Catalog.HasConfirmed(sent));

        // No customer, no staff and no seller reads where it went, and no further order is taken.
        foreach (var (caller, path) in ((Caller, string)[])[(customer, "delivery"), (host.Staff(Role.Support), "delivery"), (host.As(Role.Admin), "delivery"), (host.As(Role.Seller, product.Seller), "shipping-label")])
        {
            using var read = await caller.GetAsync($"/{sent}/{path}");
            await read.ProblemAsync(HttpStatusCode.NotFound);
        }

        using (var late = await customer.PlaceAsync(Deliveries.Order(product, delivery)))
            Assert.False(late.IsSuccessStatusCode);
        var dump = await DatabaseDump.OfAsync(host.AdminConnection, Cancelled);
        Assert.DoesNotContain(delivery, field => field.Key != "country" && DatabaseDump.Shows(dump, field.Value!));
        Assert.True(await host.WithDatabaseAsync(database => database.Set<DataKey>().AnyAsync(key => key.OwnerId == customer.Subject && key.Wrapped == null && key.DestroyedAt != null, Cancelled)));
        using (var copy = await host.As(Role.Customer, customer.Subject).GetAsync($"/{sent}"))
            Assert.Equal(HttpStatusCode.OK, copy.StatusCode);

        // Others keep what is theirs.
        Assert.Equal(kept, await other.DeliveryAsync(theirs));
        Assert.Equal(OrderState.Confirmed, (await host.StoredAsync(theirs)).State);

        // The trail has it, and once more is no more.
        await AskedAsync(customer.Subject, "erase");
        Assert.Equal((1, 0m), await host.ChargedAsync(waiting));
        Assert.Single(host.Events.All, one => one.Id == 4082 && one["Subject"] == customer.Subject);
        Assert.Single(host.Events.All, one => one.Id == 5050 && one["Order"] == $"{waiting}" && one["To"] == "cancelled");
        await UntilAsync(async () => await host.WithDatabaseAsync(database => database.Set<AuditRow>().CountAsync(row => row.Subject == customer.Subject && row.EventName == "PersonalDataErased", Cancelled)) == 2);
        Assert.True(await host.WithDatabaseAsync(database => database.Set<AuditRow>().AnyAsync(row => row.Subject == customer.Subject && row.EventName == "OrderChanged", Cancelled)));
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task What_a_crash_left_half_way_is_gone_on_with_and_nothing_is_done_twice()
    {
        var customer = host.Customer();
        var product = host.Catalog.Add();
        List<Guid> placed = [];
        for (var number = 0; number < 3; number++)
            placed.Add(await customer.PlacedAsync(product, Deliveries.Canaries()));

        // It ended after its first step: the key is gone, the orders are there, and one has just been cancelled.
        await host.Services.GetRequiredService<PersonalSeals>().DestroyAsync(customer.Subject, Cancelled);
        using (var cancelled = await customer.CancelAsync(placed[0]))
            Assert.True(cancelled.IsSuccessStatusCode);

        // And it ends again before Identity has heard the answer: the part stays open, and waits longer each time.
        var part = host.Parts.Ask(customer.Subject, "erase");
        host.Parts.IsDeaf = true;
        await Worker.RunOnceAsync(Cancelled);
        host.Parts.IsDeaf = false;
        await Worker.RunOnceAsync(Cancelled);
        Assert.False(host.Parts.Answers.ContainsKey(part));
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        await Task.WhenAll(Worker.RunOnceAsync(Cancelled), Replica().RunOnceAsync(Cancelled));

        Assert.Equal("done", host.Parts.Answers[part].GetProperty("state").GetString());
        foreach (var id in placed)
        {
            Assert.Equal(OrderState.Cancelled, (await host.StoredAsync(id)).State);
            Assert.Equal((1, 0m), await host.ChargedAsync(id));
            Assert.Single(host.Events.All, one => one.Id == 5050 && one["Order"] == $"{id}" && one["To"] == "cancelled");
        }
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task An_order_that_is_being_placed_at_that_moment_is_waited_for_and_cancelled()
    {
        var customer = host.Customer();
        var product = host.Catalog.Add();
        var part = host.Parts.Ask(customer.Subject, "erase");
        Guid id;
        host.Catalog.Instead = _ => Task.FromResult<IResult?>(Results.StatusCode(503));
        try
        {
            using var unsettled = await customer.PlaceAsync(Deliveries.Order(product, Deliveries.Canaries()));
            id = await host.WithDatabaseAsync(database => database.Orders.Where(order => order.CustomerId == customer.Subject).Select(order => order.Id).SingleAsync(Cancelled));
            Assert.Equal(OrderState.Pending, (await host.StoredAsync(id)).State);
            await Worker.RunOnceAsync(Cancelled);
            Assert.False(host.Parts.Answers.ContainsKey(part));
        }
        finally
        {
            host.Catalog.Instead = null;
        }

        await host.SettleAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        await Worker.RunOnceAsync(Cancelled);

        Assert.Equal("done", host.Parts.Answers[part].GetProperty("state").GetString());
        Assert.Contains((await host.StoredAsync(id)).State, (OrderState[])[OrderState.Cancelled, OrderState.Rejected]);
        Assert.False(host.Catalog.Holds(id));
        Assert.Equal(0m, (await host.ChargedAsync(id)).Kept);
    }

    [Fact]
    public async Task One_persons_trouble_keeps_nobody_else_waiting()
    {
        var (unknown, customer) = (host.Parts.Ask("somebody", "sing"), host.Customer());
        await AskedAsync(customer.Subject, "export");
        Assert.False(host.Parts.Answers.ContainsKey(unknown));
    }

    private PersonalDataWorker Replica() => ActivatorUtilities.CreateInstance<PersonalDataWorker>(host.Services);

    private async Task<JsonElement> AskedAsync(string subject, string kind)
    {
        var part = host.Parts.Ask(subject, kind);
        await Worker.RunOnceAsync(Cancelled);
        return host.Parts.Answers[part];
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await holds())
            await Task.Delay(50, limit.Token);
    }
}
