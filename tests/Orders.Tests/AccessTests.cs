using System.Net;
using System.Net.Http.Json;
using SecureShop.Orders.Tests.Personal;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>
/// Who may do what: each row of the access table, each kind of caller, each set of scopes, own and others' orders, each way of having signed in,
/// both sides. What must never be, whatever the table says, is in <see cref="NeverTests"/>.
/// </summary>
public sealed class AccessTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private static readonly IReadOnlyList<AccessRow> Rows = AccessTable.Of("orders");

    /// <summary>A good call of each endpoint, of something that belongs to the one who is named, and what it answers.</summary>
    private static readonly Dictionary<AccessRow, (HttpStatusCode Success, Func<OrdersHost, string, Task<Call>> MakeAsync)> Calls = new()
    {
        [AccessTable.PlaceOrder] = (HttpStatusCode.Created, async (host, owner) => new(await PlacedAsync(host, owner), "/", Body.Of((host.Catalog.Add(), 1)))),
        [AccessTable.ListMyOrders] = (HttpStatusCode.OK, async (host, owner) => new(await PlacedAsync(host, owner), "/")),
        [AccessTable.ListAllOrders] = (HttpStatusCode.OK, async (host, owner) => new(await PlacedAsync(host, owner), "/all")),
        [AccessTable.GetOrder] = (HttpStatusCode.OK, async (host, owner) => new(await PlacedAsync(host, owner), "/ID")),
        [AccessTable.CancelOrder] = (HttpStatusCode.OK, async (host, owner) => new(await PlacedAsync(host, owner), "/ID/cancel")),
        [AccessTable.GetDelivery] = (HttpStatusCode.OK, async (host, owner) => new(await SentAsync(host, customer: owner, seller: "a seller"), "/ID/delivery")),
        [AccessTable.GetShippingLabel] = (HttpStatusCode.OK, async (host, owner) => new(await SentAsync(host, customer: "a customer", seller: owner), "/ID/shipping-label")),
        [AccessTable.ListSoldOrders] = (HttpStatusCode.OK, async (host, owner) => new(await SoldAsync(host, owner), "/sales")),
        [AccessTable.ShipOrder] = (HttpStatusCode.OK, async (host, owner) => new(await SoldAsync(host, owner), "/ID/ship")),
        [AccessTable.DeliverOrder] = (HttpStatusCode.OK, async (host, owner) => new(await ShippedAsync(host, owner), "/ID/deliver")),
        [AccessTable.RefundOrder] = (HttpStatusCode.Created, async (host, owner) => new(await ShippedAsync(host, owner), "/ID/refunds", new { amount = 1 })),
        [AccessTable.ListParkedMessages] = (HttpStatusCode.OK, async (host, owner) => new(await PlacedAsync(host, owner), "/parked")),
        [AccessTable.RetryParkedMessage] = (HttpStatusCode.NoContent, async (host, owner) =>
        {
            await host.ParkAsync();
            return new(await PlacedAsync(host, owner), $"/parked/{host.Parked}/retry");
        }
        ),
    };

    public static TheoryData<string> Forgeries => [.. ForgedTokens.Names];

    public static IEnumerable<TheoryDataRow<string, string>> Callers()
        => from row in Rows where row.Rule.Kind == AccessKind.Token from who in AccessCase.Callers select new TheoryDataRow<string, string>(row.Name, who);

    [Theory]
    [MemberData(nameof(Callers))]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P11")]
    [Trait("Practice", "P12")]
    [Trait("Practice", "P15")]
    [Trait("Practice", "P16")]
    public async Task Each_endpoint_answers_each_caller_as_the_table_says(string endpoint, string who)
    {
        var row = Rows.Single(row => row.Name == endpoint);
        var (success, makeAsync) = Calls[row];
        var (subject, another) = ($"someone-{Guid.NewGuid():N}", $"another-{Guid.NewGuid():N}");
        Dictionary<bool, Call> calls = [];
        foreach (var one in AccessCase.Of(row, who))
        {
            if (!calls.TryGetValue(one.Own, out var call))
                calls[one.Own] = call = await makeAsync(host, one.Own ? subject : another);
            var before = await StateAsync(call.Order);

            var path = call.Path.Replace("ID", $"{call.Order}", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(row.Method), path) { Content = call.Body is null ? null : JsonContent.Create(call.Body) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{Guid.NewGuid()}");
            if (one.Token(row, subject, host.Clock.GetUtcNow()) is { } token)
                request.Headers.Authorization = new("Bearer", token);
            using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

            // A list is everybody's own: there is no other's to ask for.
            var verdict = one.At(row);
            if (verdict is Verdict.NotFound && !row.Path.Contains('{', StringComparison.Ordinal))
                verdict = Verdict.Served;
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var expected = verdict switch
            {
                Verdict.Served => success,
                Verdict.Unauthorized or Verdict.SignInAgain => HttpStatusCode.Unauthorized,
                Verdict.Forbidden => HttpStatusCode.Forbidden,
                _ => HttpStatusCode.NotFound,
            };
            Assert.True(expected == answer.StatusCode, $"{one}: {(int)answer.StatusCode} and not {verdict}: {text}");
            Assert.Equal(verdict == Verdict.SignInAgain, answer.Headers.WwwAuthenticate.ToString().Contains("insufficient_user_authentication", StringComparison.Ordinal));
            if (verdict is Verdict.Served)
            {
                if (row.Rule.Ownership is not null && row.Method == "GET" && !row.Path.Contains('{', StringComparison.Ordinal))
                    Assert.Equal(one.Own, text.Contains($"{call.Order}", StringComparison.Ordinal));
                calls.Remove(one.Own);
                continue;
            }

            await answer.ProblemAsync(expected);
            if (verdict == Verdict.Unauthorized)
                Assert.Contains("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            Assert.Equal(before, await StateAsync(call.Order));
        }
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task The_document_the_table_and_the_tests_have_the_same_endpoints()
    {
        var operations = await ApiWalk.OperationsAsync(host.Client, TestContext.Current.CancellationToken);
        Assert.Equal(
            Rows.Select(row => $"{row.Name}: {row.Method} {row.Path.Replace(":guid", "", StringComparison.Ordinal)} {row.Rule.Scope}").Order(StringComparer.Ordinal),
            operations.Select(operation => $"{operation.Id}: {operation.Method} {operation.Path} {operation.Scope}").Order(StringComparer.Ordinal));
        Assert.Empty(Rows.Where(row => row.Rule.Kind == AccessKind.Token).Except(Calls.Keys));
    }

    [Theory]
    [Trait("Practice", "P02")]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_token_is_refused(string forgery)
    {
        var token = ForgedTokens.Create(forgery, "orders", "alice", [Scope.OrdersRead], [Role.Customer]);

        using var forged = await (host.Customer() with { Token = token }).GetAsync("/");
        using var good = await host.Customer().GetAsync("/");

        await forged.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P14")]
    [Trait("Practice", "P16")]
    public async Task Somebody_elses_order_looks_like_none()
    {
        var (alice, bob) = (host.Customer(), host.Customer());
        var id = await alice.PlacedAsync(host.Catalog.Add());

        using var theirs = await bob.GetAsync($"/{id}");
        using var none = await bob.GetAsync($"/{Guid.CreateVersion7()}");
        using var cancelTheirs = await bob.CancelAsync(id);
        using var cancelNone = await bob.CancelAsync(Guid.CreateVersion7());

        Assert.Equal(await none.ProblemAsync(HttpStatusCode.NotFound), await theirs.ProblemAsync(HttpStatusCode.NotFound));
        Assert.Equal(await cancelNone.ProblemAsync(HttpStatusCode.NotFound), await cancelTheirs.ProblemAsync(HttpStatusCode.NotFound));
        using var own = await alice.GetAsync($"/{id}");
        Assert.Equal("confirmed", (await own.JsonAsync()).GetProperty("state").GetString());
    }

    private static Task<Guid> PlacedAsync(OrdersHost host, string customer) => host.As(Role.Customer, customer).PlacedAsync(host.Catalog.Add());

    private static Task<Guid> SentAsync(OrdersHost host, string customer, string seller)
        => host.As(Role.Customer, customer).PlacedAsync(host.Catalog.Add(seller: seller), Deliveries.Canaries());

    private static Task<Guid> SoldAsync(OrdersHost host, string seller) => host.Customer().PlacedAsync(host.Catalog.Add(seller: seller));

    private static async Task<Guid> ShippedAsync(OrdersHost host, string seller)
    {
        var id = await SoldAsync(host, seller);
        using var shipped = await host.As(Role.Seller, seller).PostAsync($"/{id}/ship");
        Assert.Equal(HttpStatusCode.OK, shipped.StatusCode);
        return id;
    }

    private async Task<string> StateAsync(Guid id)
    {
        var order = await host.StoredAsync(id);
        return $"{order.State} {order.Lines.Count} {order.Refunded} {host.Catalog.Holds(id)} {order.Lines.Count(line => line.DeliveredAt is not null)}";
    }

    /// <summary>A call, and the order that it is about; <c>ID</c> in the path is the order's.</summary>
    private sealed record Call(Guid Order, string Path, object? Body = null);
}
