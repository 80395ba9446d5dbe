using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Catalog.Reservations;

namespace SecureShop.Catalog.Tests;

/// <summary>Stock that nobody pays for comes back, once; what is paid for in time stays sold.</summary>
[Trait("Practice", "P41")]
public sealed class ReservationExpiryTests(CatalogHost host)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task A_taken_order_is_held_for_the_time_that_is_set()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 5));
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        var order = Order();
        var taken = (await service.Put(order, Sample.Lines((product.Id, 2)))).Expect(HttpStatusCode.OK);
        Assert.Equal(["expiresAt", "lines"], taken.Body.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.InRange((DateTimeOffset)taken.Body["expiresAt"]!, before + Hold, TimeProvider.System.GetUtcNow() + Hold);

        // Asking again does not make it longer, or one buyer could hold the shop's last piece for good.
        Assert.Equal(taken.Text, (await service.Put(order, Sample.Lines((product.Id, 2)))).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task What_is_not_paid_for_in_time_comes_back_once_over_replicas_and_nothing_else_does()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var first = await owner.Add(Sample.Product(stock: 100));
        var second = await owner.Add(Sample.Product(stock: 100));
        var unpaid = await Task.WhenAll(Enumerable.Range(0, 24).Select(async index =>
        {
            var order = Order();
            var lines = index % 2 == 0 ? Sample.Lines((first.Id, 1), (second.Id, 2)) : Sample.Lines((second.Id, 2), (first.Id, 1));
            (await service.Put(order, lines)).Expect(HttpStatusCode.OK);
            return order;
        }));
        var (held, paid) = (Order(), Order());
        (await service.Put(held, Sample.Lines((first.Id, 3)))).Expect(HttpStatusCode.OK);
        (await service.Put(paid, Sample.Lines((first.Id, 4)))).Expect(HttpStatusCode.OK);
        (await service.Put($"{paid}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);
        await SetExpiryAsync("now() - interval '1 second'", [.. unpaid, paid]);

        // Four replicas beside the running one, each with a look that goes over what the others do.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LookAsync()));
        await EventuallyAsync(async () => (93, 100) == (await Stock(owner, first.Id), await Stock(owner, second.Id)));

        await LookAsync();
        foreach (var order in unpaid)
            (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        Assert.Equal((93, 100), (await Stock(owner, first.Id), await Stock(owner, second.Id)));
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task What_was_confirmed_in_time_stays_sold_until_its_order_is_cancelled()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 9));
        var order = Order();
        var taken = (await service.Put(order, Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);
        var confirmed = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.Put($"{order}/confirmed", body: null)));
        Assert.All(confirmed, reply => reply.Expect(HttpStatusCode.NoContent));

        await SetExpiryAsync("now() - interval '1 day'", order);
        await LookAsync();
        Assert.Equal(5, await Stock(owner, product.Id));
        (await service.Put($"{order}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);
        Assert.Equal(taken.Body["lines"]!.ToJsonString(), (await service.Put(order, Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK).Body["lines"]!.ToJsonString());

        (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        Assert.Equal(9, await Stock(owner, product.Id));
        Assert.Equal("released", Reason(await service.Put($"{order}/confirmed", body: null)));
        Assert.Equal(9, await Stock(owner, product.Id));
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_confirmation_that_comes_too_late_is_a_conflict_and_the_stock_is_back_when_it_is_answered()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 9));
        var order = Order();
        (await service.Put(order, Sample.Lines((product.Id, 4)))).Expect(HttpStatusCode.OK);
        Assert.Equal(5, await Stock(owner, product.Id));
        await SetExpiryAsync("now() - interval '1 second'", order);

        var late = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.Put($"{order}/confirmed", body: null)));
        Assert.All(late, reply => Assert.Equal("expired", Reason(reply)));
        Assert.Equal(9, await Stock(owner, product.Id));

        // It stays so, even for a clock that is behind.
        await SetExpiryAsync("now() + interval '1 hour'", order);
        Assert.Equal("expired", Reason(await service.Put($"{order}/confirmed", body: null)));
        Assert.Equal("expired", Reason(await service.Put(order, Sample.Lines((product.Id, 4)))));
        (await service.Delete(order)).Expect(HttpStatusCode.NoContent);
        Assert.Equal(9, await Stock(owner, product.Id));
    }

    [Fact]
    public async Task A_take_that_is_repeated_too_late_takes_nothing_again()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 2));
        var order = Order();
        (await service.Put(order, Sample.Lines((product.Id, 2)))).Expect(HttpStatusCode.OK);
        await SetExpiryAsync("now() - interval '1 second'", order);
        Assert.Equal("expired", Reason(await service.Put(order, Sample.Lines((product.Id, 2)))));

        // What came back is there for the next.
        (await service.Put(Order(), Sample.Lines((product.Id, 2)))).Expect(HttpStatusCode.OK);
        Assert.Equal("stock", Reason(await service.Put(Order(), Sample.Lines((product.Id, 1)))));
    }

    [Fact]
    public async Task Confirmations_that_race_with_the_end_of_their_time_are_paid_for_or_back_and_never_both()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add(Sample.Product(stock: 100));
        var orders = Enumerable.Range(0, 30).Select(_ => Order()).ToList();
        foreach (var order in orders)
            (await service.Put(order, Sample.Lines((product.Id, 2)))).Expect(HttpStatusCode.OK);
        for (var index = 0; index < orders.Count; index++)
            await SetExpiryAsync($"now() + interval '{index * 20} milliseconds'", orders[index]);

        var looking = Task.Run(async () =>
        {
            for (var look = 0; look < 20; look++)
                await LookAsync();
        }, TestContext.Current.CancellationToken);
        var replies = await Task.WhenAll(orders.Select(order => service.Put($"{order}/confirmed", body: null)));
        await looking;
        await SetExpiryAsync("now() - interval '1 second'", [.. orders]);
        await LookAsync();

        Assert.All(replies, reply => Assert.True(reply.Status is HttpStatusCode.NoContent || Reason(reply) == "expired"));
        Assert.Equal(100 - (2 * replies.Count(reply => reply.Status == HttpStatusCode.NoContent)), await Stock(owner, product.Id));
    }

    [Fact]
    public async Task An_order_that_took_nothing_has_nothing_to_confirm()
    {
        using var service = host.OrdersService();
        (await service.Put($"{Order()}/confirmed", body: null)).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Practice", "P14")]
    public async Task The_database_takes_no_reservation_that_is_paid_for_and_expired()
    {
        using var owner = host.Seller();
        using var service = host.OrdersService();
        var product = await owner.Add();
        var order = Order();
        (await service.Put(order, Sample.Lines((product.Id, 1)))).Expect(HttpStatusCode.OK);
        (await service.Put($"{order}/confirmed", body: null)).Expect(HttpStatusCode.NoContent);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "update catalog.reservations set expired = true, released_at = now() where order_id = any(@orders)", order));
        Assert.Equal("ck_reservations_expired", refused.ConstraintName);
    }

    [Theory]
    [InlineData("00:00:00", "00:00:05", 100, "Reservations__Hold")]
    [InlineData("1.00:00:01", "00:00:05", 100, "Reservations__Hold")]
    [InlineData("00:15:00", "00:00:00", 100, "Reservations__Interval")]
    [InlineData("00:15:00", "00:15:01", 100, "Reservations__Interval")]
    [InlineData("00:15:00", "00:00:05", 0, "Reservations__BatchSize")]
    [InlineData("00:15:00", "00:00:05", 1001, "Reservations__BatchSize")]
    [InlineData("1.00:00:00", "00:15:00", 1000, null)]
    [InlineData("00:00:01", "00:00:01", 1, null)]
    public void A_hold_without_an_end_stops_the_start(string hold, string interval, int batch, string? names)
    {
        var options = new ReservationOptions
        {
            Hold = TimeSpan.Parse(hold, System.Globalization.CultureInfo.InvariantCulture),
            Interval = TimeSpan.Parse(interval, System.Globalization.CultureInfo.InvariantCulture),
            BatchSize = batch,
        };
        var result = new ReservationOptions.Validator().Validate(name: null, options);
        Assert.Equal(names is not null, result.Failed);
        if (names is not null)
            Assert.StartsWith($"Set {names} to", result.FailureMessage, StringComparison.Ordinal);
    }

    private static string Order() => $"/reservations/{Guid.NewGuid()}";

    private static string Reason(Reply reply) => (string)reply.ExpectProblem(HttpStatusCode.Conflict).Body["reason"]!;

    private static Task<int> Stock(Caller owner, string id) => owner.Stock(id);

    private Task<int> LookAsync() => host.Services.GetRequiredService<ReservationExpiry>().RunOnceAsync(TestContext.Current.CancellationToken);

    /// <summary>A replica that has locked a row is passed over, and may take its time: what it holds comes back when it is done.</summary>
    private async Task EventuallyAsync(Func<Task<bool>> isTrue)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await isTrue())
        {
            await LookAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    private Task SetExpiryAsync(string when, params string[] orders)
        => ExecuteAsync($"update catalog.reservations set expires_at = {when} where order_id = any(@orders)", orders);

    [SuppressMessage("Security", "CA2100", Justification = "The texts are those above.")]
    private async Task ExecuteAsync(string sql, params string[] orders)
    {
        await using var connection = new NpgsqlConnection(host.AdminConnection);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("orders", orders.Select(order => Guid.Parse(order.Split('/')[^1])).ToArray());
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
