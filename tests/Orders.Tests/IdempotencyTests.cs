using System.Net;
using SecureShop.Orders.Model;
using SecureShop.Orders.Tests.Support;

namespace SecureShop.Orders.Tests;

/// <summary>The promise of the <c>Idempotency-Key</c>: one key, one order, one answer.</summary>
public sealed class IdempotencyTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P19")]
    public async Task Twenty_racing_copies_make_one_order_and_one_reservation()
    {
        var product = host.Catalog.Add(stock: 1000);
        var customer = host.Customer();
        var made = host.Catalog.Made;
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => customer.PlaceAsync(Body.Of((product, 1)), key)));

        Assert.Equal(made + 1, host.Catalog.Made);
        var created = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).ToList();
        Assert.NotEmpty(created);
        Assert.Single(created.Select(answer => answer.Headers.Location).Distinct());
        foreach (var busy in answers.Except(created))
        {
            await busy.ProblemAsync(HttpStatusCode.Conflict);
            Assert.NotNull(busy.Headers.RetryAfter);
        }

        using var mine = await customer.GetAsync("/");
        Assert.Single((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task The_same_request_again_gets_the_same_answer_whatever_its_spelling()
    {
        var (one, two) = (host.Catalog.Add(), host.Catalog.Add());
        var customer = host.Customer();
        using var first = await customer.PlaceAsync(Body.Of((one, 1), (two, 2)), "key-0001");
        var calls = host.Catalog.Calls;

        using var again = await customer.PlaceAsync(Body.Of((two, 2), (one, 1)), "key-0001");

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal((await first.JsonAsync()).GetRawText(), (await again.JsonAsync()).GetRawText());
        Assert.Equal(calls, host.Catalog.Calls);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_refusal_is_repeated_too()
    {
        var product = host.Catalog.Add(stock: 1);
        var customer = host.Customer();
        using var first = await customer.PlaceAsync(Body.Of((product, 2)), "key-0001");
        host.Catalog.Change(product with { Stock = 100 });

        using var again = await customer.PlaceAsync(Body.Of((product, 2)), "key-0001");

        Assert.Equal(await first.ProblemAsync(HttpStatusCode.Conflict), await again.ProblemAsync(HttpStatusCode.Conflict));
        using var other = await customer.PlaceAsync(Body.Of((product, 2)), "key-0002");
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_key_is_not_used_twice_for_different_requests()
    {
        var product = host.Catalog.Add();
        var customer = host.Customer();
        using var first = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");

        using var other = await customer.PlaceAsync(Body.Of((product, 2)), "key-0001");

        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        using var mine = await customer.GetAsync("/");
        Assert.Single((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task Customers_do_not_meet_in_their_keys()
    {
        var product = host.Catalog.Add();
        var (alice, bob) = (host.Customer(), host.Customer());
        using var first = await alice.PlaceAsync(Body.Of((product, 1)), "key-0001");

        using var second = await bob.PlaceAsync(Body.Of((product, 2)), "key-0001");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.NotEqual(first.Headers.Location, second.Headers.Location);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData(null)]
    [InlineData("short")]
    [InlineData("with space")]
    [InlineData("key-0001, key-0002")]
    [InlineData("quoted\"key\"")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123456")]
    public async Task A_missing_or_malformed_key_is_refused(string? key)
    {
        using var answer = await host.Customer().PlaceAsync(Body.Of((host.Catalog.Add(), 1)), key);

        await answer.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_replay_after_the_cancellation_does_not_order_again()
    {
        var product = host.Catalog.Add();
        var customer = host.Customer();
        using var first = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");
        var id = (await first.JsonAsync()).GetProperty("id").GetGuid();
        using var cancel = await customer.CancelAsync(id);

        using var again = await customer.PlaceAsync(Body.Of((product, 1)), "key-0001");

        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(OrderState.Cancelled, (await host.StoredAsync(id)).State);
        Assert.False(host.Catalog.Holds(id));
    }
}
