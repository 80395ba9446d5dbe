using System.Net;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Tests.Support;
using SecureShop.Testing;

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
    [InlineData]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t")]
    [InlineData("\"\"")]
    [InlineData("\"        \"")]
    [InlineData("\" key-0001\"")]
    [InlineData("short")]
    [InlineData("\"short\"")]
    [InlineData("with space")]
    [InlineData("key-0001, key-0002")]
    [InlineData("key-0001,key-0001")]
    [InlineData("key-0001", "key-0002")]
    [InlineData("key-0001", "key-0001")]
    [InlineData("key-0001", "")]
    [InlineData("", "key-0001")]
    [InlineData("quoted\"key\"")]
    [InlineData("\"key-0001")]
    [InlineData("key-0001\"")]
    [InlineData("\"\"key-0001\"\"")]
    [InlineData("'key-0001'")]
    [InlineData("\"key-0001\";a=1")]
    [InlineData("\"key\\\"0001\"")]
    [InlineData(":a2V5LTAwMDE=:")]
    [InlineData("key/0001")]
    [InlineData("key-0001\u00C3\u00A9")]
    [InlineData("\u00EF\u00BC\u00AB\u00C3\u00A9y-0001")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123456")]
    [InlineData("\"a23456789012345678901234567890123456789012345678901234567890123456\"")]
    public async Task A_missing_or_malformed_key_is_refused_by_name_and_nothing_is_ordered(params string[] keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var customer = host.Customer();
        for (var time = 0; time < 2; time++)
        {
            // As bytes: a client would put two lines into one, and refuse letters outside ASCII. These are those of UTF-8.
            var body = System.Text.Json.JsonSerializer.Serialize(Body.Of((host.Catalog.Add(), 1)), System.Text.Json.JsonSerializerOptions.Web);
            string[] lines =
            [
                "POST / HTTP/1.1", "Host: localhost", $"Authorization: Bearer {customer.Token}", "Content-Type: application/json", $"Content-Length: {body.Length}",
                .. keys.Select(key => $"Idempotency-Key: {key}"),
            ];
            var answer = await RawHttp.SendAsync(host.Client.BaseAddress!, string.Join("\r\n", lines), TestContext.Current.CancellationToken, body);
            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
            Assert.Contains("\"errors\":{\"Idempotency-Key\":[", answer, StringComparison.Ordinal);
        }

        using var mine = await customer.GetAsync("/");
        Assert.Empty((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [Trait("Practice", "P19")]
    [InlineData("\"key-0001\"", "key-0001")]
    [InlineData("key-0001", "\"key-0001\"")]
    [InlineData("\"key-0001\"", "  \"key-0001\" ")]
    [InlineData("A2345678901234567890123456789012345678901234567890123456789012_-", "\"A2345678901234567890123456789012345678901234567890123456789012_-\"")]
    public async Task A_key_in_quotes_is_the_same_key(string first, string second)
    {
        var product = host.Catalog.Add();
        var customer = host.Customer();
        using var one = await customer.PlaceAsync(Body.Of((product, 1)), first);
        using var two = await customer.PlaceAsync(Body.Of((product, 1)), second);
        using var other = await customer.PlaceAsync(Body.Of((product, 2)), second);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (one.StatusCode, two.StatusCode));
        Assert.Equal(one.Headers.Location, two.Headers.Location);
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
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
