using System.Net;
using SecureShop.Orders.Tests.Support;

namespace SecureShop.Orders.Tests;

/// <summary>The OpenAPI document, which is derived from the same rules that are enforced.</summary>
public sealed class DocumentTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Theory]
    [Trait("Practice", "P15")]
    [InlineData("/", "post", "orders.write", "201 202 400 401 402 403 409 413 415 422 502 503")]
    [InlineData("/", "get", "orders.read", "200 400 401 403")]
    [InlineData("/{id}", "get", "orders.read", "200 401 403 404")]
    [InlineData("/{id}/cancel", "post", "orders.write", "200 202 401 403 404 409 412")]
    [InlineData("/all", "get", "orders.admin", "200 400 401 403")]
    [InlineData("/sales", "get", "orders.read", "200 400 401 403")]
    [InlineData("/{id}/ship", "post", "orders.write", "200 401 403 404 409")]
    [InlineData("/{id}/deliver", "post", "orders.write", "200 401 403 404 409")]
    [InlineData("/{id}/refunds", "post", "orders.refund", "201 202 400 401 403 404 409 413 415 422")]
    [InlineData("/parked", "get", "orders.admin", "200 400 401 403")]
    [InlineData("/parked/{id}/retry", "post", "orders.admin", "204 401 403 404")]
    public async Task Each_operation_says_its_scope_and_its_answers(string path, string method, string scope, string statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        using var answer = await host.Client.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var operation = (await answer.JsonAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);

        Assert.Contains($"\"{scope}\"", operation.GetProperty("security").GetRawText(), StringComparison.Ordinal);
        var documented = operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToList();
        Assert.True(statuses.Split(' ').All(documented.Contains), string.Join(' ', documented));
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task It_says_what_an_amount_is_and_not_twice_what_is_read()
    {
        using var answer = await host.Client.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
        var document = await answer.JsonAsync();

        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var (schema, amount) in new[] { ("OrderResponse", "total"), ("StaffOrderResponse", "total"), ("OrderLineResponse", "unitPrice") })
        {
            var property = schemas.GetProperty(schema).GetProperty("properties").GetProperty(amount);
            Assert.Contains("\"number\"", property.GetProperty("type").GetRawText(), StringComparison.Ordinal);
            Assert.Contains("\"null\"", property.GetProperty("type").GetRawText(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(document.GetProperty("paths").EnumerateObject(), path => path.Value.TryGetProperty("head", out _));
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task The_document_is_not_for_the_outside()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { { "X-Forwarded-For", "203.0.113.7" } } };

        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.ProblemAsync(HttpStatusCode.NotFound);
    }
}
