using System.Text.Json;
using System.Text.Json.Nodes;
using SecureShop.Orders.Tests.Personal;
using SecureShop.Orders.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>Thousands of spoilt calls of every operation: nothing fails, and what is refused has changed nothing.</summary>
[Trait("Practice", "P22")]
[Trait("Practice", "P23")]
public sealed class HostileTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    public async Task No_spoilt_call_makes_the_service_fail_or_changes_anything_where_it_is_refused()
    {
        foreach (var operation in await ApiWalk.OperationsAsync(host.Client, TestContext.Current.CancellationToken))
        {
            // A notice proves itself by a signature over its body: any other body is refused for that alone (NoticeTests).
            if (operation.Scope is null)
                continue;

            Caller caller = null!;
            var run = await HostileRequests.RunAsync(
                operation,
                200,
                async () =>
                {
                    (caller, var good) = await PrepareAsync(operation);
                    return good;
                },
                request => caller.SendAsync(request),
                () => StateOf.AllButAudit(host.AdminConnection, TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken);
            Assert.True(run.Faults.Count == 0, $"{operation.Name}: {string.Join('\n', run.Faults)}");
            Assert.True(run.Refused > 30, $"{operation.Name}: {run.Refused} of 200 refused");
        }
    }

    private async Task<(Caller Caller, GoodCall Call)> PrepareAsync(ApiOperation operation)
    {
        var (customer, seller) = (host.Customer(), host.As("seller"));
        var product = host.Catalog.Add(seller: seller.Subject);
        switch (operation.Path)
        {
            case "/" when operation.Method == "POST":
                return (customer, new("/", JsonSerializer.SerializeToNode(Deliveries.Order(product, Deliveries.Canaries()), JsonSerializerOptions.Web), ("Idempotency-Key", $"{Guid.NewGuid()}")));
            case "/parked/{id}/retry":
                await host.ParkAsync();
                return (host.As("admin"), new($"/parked/{host.Parked}/retry"));
            case "/all" or "/parked":
                return (host.As("admin"), new(operation.Path));
            case "/sales":
                return (seller, new(operation.Path));
        }

        if (!operation.Path.Contains('{', StringComparison.Ordinal))
            return (customer, new(operation.Path));

        var id = await customer.PlacedAsync(product, Deliveries.Canaries());
        if (operation.Path is "/{id}/deliver" or "/{id}/refunds")
        {
            using var shipped = await seller.PostAsync($"/{id}/ship");
            Assert.Equal(System.Net.HttpStatusCode.OK, shipped.StatusCode);
        }

        var path = operation.Path.Replace("{id}", $"{id}", StringComparison.Ordinal);
        return operation.Path switch
        {
            "/{id}/refunds" => (host.Staff("admin"), new(path, new JsonObject { ["amount"] = 1 }, ("Idempotency-Key", $"{Guid.NewGuid()}"))),
            "/{id}/ship" or "/{id}/deliver" or "/{id}/shipping-label" => (seller, new(path)),
            _ => (customer, new(path)),
        };
    }
}
