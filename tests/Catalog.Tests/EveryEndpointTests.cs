using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>Every operation of the service's own document with wrong input of every kind: refused in the caller's words, never a 500.</summary>
[Trait("Practice", "P23")]
[Trait("Practice", "P32")]
public sealed class EveryEndpointTests(CatalogHost host)
{
    [Fact]
    public async Task Wrong_values_are_refused_in_words_of_the_caller()
    {
        using var client = TestCertificate.Client(host.Address);
        var operations = await ApiWalk.OperationsAsync(client, TestContext.Current.CancellationToken);
        Assert.Equal(12, operations.Count);
        var total = 0;
        foreach (var operation in operations)
        {
            var (refused, faults) = await ApiWalk.WalkAsync(operation, request => SendAsync(client, operation, request), TestContext.Current.CancellationToken);
            Assert.True(faults.Count == 0, $"{operation.Name}: {string.Join('\n', faults)}");
            Assert.True(refused > 10, $"{operation.Name}: {refused}");
            total += refused;
        }

        Assert.True(total > 500, $"{total}");
    }

    [Fact]
    public async Task A_body_in_another_encoding_is_refused_and_UTF_8_is_not()
    {
        using var client = TestCertificate.Client(host.Address);
        var operations = await ApiWalk.OperationsAsync(client, TestContext.Current.CancellationToken);
        var withBody = operations.Where(operation => operation.Body is not null).ToList();
        Assert.Equal(["POST /products", "PUT /products/{id}", "PUT /products/{id}/stock", "PUT /reservations/{orderId}"], withBody.Select(operation => operation.Name).Order(StringComparer.Ordinal));
        foreach (var operation in withBody)
        {
            foreach (var parameters in HostileContent.BadParameters)
                Assert.Equal((operation.Name, parameters, 415), (operation.Name, parameters, await StatusAsync(client, operation, HostileContent.Of("{}", $"application/json{parameters}"))));
            Assert.Equal(415, await StatusAsync(client, operation, HostileContent.Encoded("{}", "application/json", "gzip")));
            foreach (var parameters in HostileContent.GoodParameters)
                Assert.Equal((operation.Name, parameters, 400), (operation.Name, parameters, await StatusAsync(client, operation, HostileContent.Of("{}", $"application/json{parameters}"))));
        }
    }

    [Fact]
    public async Task A_good_product_is_taken_under_every_spelling_of_UTF_8()
    {
        using var client = TestCertificate.Client(host.Address);
        var operations = await ApiWalk.OperationsAsync(client, TestContext.Current.CancellationToken);
        var create = operations.Single(operation => operation.Name == "POST /products");
        foreach (var parameters in HostileContent.GoodParameters)
            Assert.Equal((parameters, 201), (parameters, await StatusAsync(client, create, HostileContent.Of(Sample.Product("Größe").ToJsonString(), $"application/json{parameters}"))));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("category")]
    [InlineData("currency")]
    [InlineData("supplier")]
    public async Task Only_a_description_has_lines(string field)
    {
        using var seller = host.Seller();
        foreach (var text in new[] { "a\nb", "a\tb", "a\r\nb" })
            Assert.Equal([field], (await seller.Post("/products", Sample.With(field, text))).ExpectProblem(HttpStatusCode.BadRequest).Errors);
        var added = await seller.Add(Sample.With("description", "One\r\n\tTwo\nThree"));
        Assert.Equal("One\r\n\tTwo\nThree", (string)added.Body["description"]!);
    }

    [Theory]
    [InlineData("currency", "\"XXX\"", "CHF, EUR, GBP, SEK or USD.")]
    [InlineData("stock", "1000001", "A whole number from 0 to 1000000.")]
    public async Task The_message_says_what_is_allowed(string field, string value, string message)
    {
        using var seller = host.Seller();
        var reply = (await seller.Post("/products", Sample.With(field, JsonNode.Parse(value)))).ExpectProblem(HttpStatusCode.BadRequest);
        Assert.Equal(message, (string)reply.Body["errors"]![field]![0]!);
    }

    private static async Task<int> StatusAsync(HttpClient client, ApiOperation operation, HttpContent content)
    {
        using var answer = await SendAsync(client, operation, new(new(operation.Method), new Uri(operation.Address, UriKind.Relative)) { Content = content });
        return (int)answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, ApiOperation operation, HttpRequestMessage request)
    {
        using (request)
        {
            var token = operation.Path.StartsWith("/reservations", StringComparison.Ordinal)
                ? TestTokens.Create("catalog", null, ["catalog.reserve"])
                : TestTokens.Create("catalog", "a-seller-of-this-test", ["catalog.read", "catalog.write"], ["customer", "seller"]);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }
}
