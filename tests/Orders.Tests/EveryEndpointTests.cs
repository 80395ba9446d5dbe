using SecureShop.Orders.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>Every operation of the service's own document with wrong input of every kind: refused in the caller's words, never a 500.</summary>
[Trait("Practice", "P23")]
[Trait("Practice", "P32")]
public sealed class EveryEndpointTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private const string Keyed = "Idempotency-Key";

    [Fact]
    public async Task Wrong_values_are_refused_in_words_of_the_caller()
    {
        var operations = await ApiWalk.OperationsAsync(host.Client, TestContext.Current.CancellationToken);
        Assert.Equal(12, operations.Count);
        foreach (var operation in operations)
        {
            var caller = Caller(operation);
            var (refused, faults) = await ApiWalk.WalkAsync(operation, request => SendAsync(caller, request), TestContext.Current.CancellationToken);
            Assert.True(faults.Count == 0, $"{operation.Name}: {string.Join('\n', faults)}");
            Assert.True(refused > 10, $"{operation.Name}: {refused}");
        }
    }

    [Fact]
    public async Task A_body_in_another_encoding_is_refused_and_UTF_8_is_not()
    {
        var body = $$"""{"lines":[{"productId":"{{host.Catalog.Add().Id}}","quantity":1}],"paymentMethod":"pm_ok"}""";
        foreach (var parameters in HostileContent.BadParameters)
            Assert.Equal((parameters, 415), (parameters, await PlaceAsync(HostileContent.Of(body, $"application/json{parameters}"))));
        Assert.Equal(415, await PlaceAsync(HostileContent.Encoded(body, "application/json", "gzip")));
        foreach (var parameters in HostileContent.GoodParameters)
            Assert.Equal((parameters, 201), (parameters, await PlaceAsync(HostileContent.Of(body, $"application/json{parameters}"))));

        async Task<int> PlaceAsync(HttpContent content)
        {
            using var answer = await SendAsync(host.Customer(), new HttpRequestMessage(HttpMethod.Post, "/") { Content = content });
            return (int)answer.StatusCode;
        }
    }

    [Theory]
    [InlineData(Keyed, "key-0001\u0001")]
    [InlineData(Keyed, "key-0001\u007f")]
    [InlineData(Keyed, "\u001b[31mkey-0001")]
    [InlineData(Keyed, "key\t0001")]
    [InlineData(Keyed, "key-0001%00")]
    [InlineData(Keyed, "%FFkey-0001")]
    public async Task A_header_that_reaches_the_database_holds_nothing_but_its_own_characters(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = HostileContent.Of($$"""{"lines":[{"productId":"{{host.Catalog.Add().Id}}","quantity":1}],"paymentMethod":"pm_ok"}""", "application/json"),
        };
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await host.Customer().SendAsync(request);
        Assert.Contains($"\"{header}\":[", await answer.ProblemAsync(System.Net.HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\u0001\"")]
    [InlineData("\"\u007f\"")]
    [InlineData("\"%00\"")]
    [InlineData("\u001b")]
    public async Task A_version_that_is_none_matches_nothing(string ifMatch)
    {
        var customer = host.Customer();
        var order = await customer.PlacedAsync(host.Catalog.Add());
        using var answer = await customer.CancelAsync(order, ifMatch);
        await answer.ProblemAsync(System.Net.HttpStatusCode.PreconditionFailed);
        using var cancelled = await customer.CancelAsync(order);
        Assert.Equal(System.Net.HttpStatusCode.OK, cancelled.StatusCode);
    }

    [Fact]
    public async Task The_message_says_what_is_allowed()
    {
        using var answer = await host.As("admin").GetAsync("/all?state=gone&limit=0&customer=%27&after=x");
        var errors = (await answer.JsonAsync()).GetProperty("errors");
        Assert.Equal(["customer", "limit", "state"], errors.EnumerateObject().Select(error => error.Name).Where(name => name != "after").Order(StringComparer.Ordinal));
        foreach (var state in Enum.GetValues<SecureShop.Orders.Orders.OrderState>().Select(state => SecureShop.Orders.Orders.OrderStates.ToWire(state)))
            Assert.Contains(state, errors.GetProperty("state")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(" 1 to 100", errors.GetProperty("limit")[0].GetString(), StringComparison.Ordinal);
    }

    private Caller Caller(ApiOperation operation) => operation.Path switch
    {
        "/all" or "/parked" or "/parked/{id}/retry" => host.As("admin"),
        "/{id}/refunds" => host.Staff("admin"),
        "/sales" or "/{id}/ship" or "/{id}/deliver" => host.As("seller"),
        _ => host.Customer(),
    };

    private static Task<HttpResponseMessage> SendAsync(Caller caller, HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation(Keyed, $"{Guid.NewGuid()}");
        return caller.SendAsync(request);
    }
}
