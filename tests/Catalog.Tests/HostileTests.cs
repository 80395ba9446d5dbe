using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>Thousands of spoilt calls of every operation: nothing fails, and what is refused has changed nothing.</summary>
[Trait("Practice", "P22")]
[Trait("Practice", "P23")]
public sealed class HostileTests : IAsyncLifetime
{
    // Alone, so that whatever changes in the database was changed by these calls.
    private readonly CatalogHost host = new();
    private readonly string seller = $"{Guid.NewGuid()}";

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task No_spoilt_call_makes_the_service_fail_or_changes_anything_where_it_is_refused()
    {
        using var client = AnswerSchemas.Client(host.Address);
        foreach (var operation in await ApiWalk.OperationsAsync(client, TestContext.Current.CancellationToken))
        {
            var run = await HostileRequests.RunAsync(
                operation, 200, () => PrepareAsync(operation), request => SendAsync(client, operation, request), () => StateOf.AllButAudit(host.AdminConnection, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            Assert.True(run.Faults.Count == 0, $"{operation.Name}: {string.Join('\n', run.Faults)}");
            Assert.True(run.Refused > 30, $"{operation.Name}: {run.Refused} of 200 refused");
        }
    }

    private async Task<GoodCall> PrepareAsync(ApiOperation operation)
    {
        using var owner = host.Seller(seller);
        var product = await owner.Add();
        var order = $"{Guid.NewGuid()}";
        if (operation.Path is "/reservations/{orderId}/confirmed")
        {
            using var orders = host.OrdersService();
            (await orders.Put($"/reservations/{order}", Sample.Lines((product.Id, 1)))).Expect(System.Net.HttpStatusCode.OK);
        }

        var path = operation.Path.Replace("{id}", product.Id, StringComparison.Ordinal).Replace("{orderId}", order, StringComparison.Ordinal);
        return (operation.Method, operation.Path) switch
        {
            ("POST", "/products") => new(path, Sample.Product()),
            ("PUT", "/products/{id}") => new(path, Sample.Description("Another"), ("If-Match", product.ETag)),
            ("PUT", "/products/{id}/stock") => new(path, new JsonObject { ["quantity"] = 3 }, ("If-Match", "\"s1\"")),
            ("PUT", "/reservations/{orderId}") => new(path, JsonSerializer.SerializeToNode(Sample.Lines((product.Id, 1)))),
            _ => new(path),
        };
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, ApiOperation operation, HttpRequestMessage request)
    {
        using (request)
        {
            var token = operation.Path.StartsWith("/reservations", StringComparison.Ordinal)
                ? TestTokens.Create("catalog", null, ["catalog.reserve"])
                : TestTokens.Create("catalog", seller, ["catalog.read", "catalog.write"], ["customer", "seller"]);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }
}
