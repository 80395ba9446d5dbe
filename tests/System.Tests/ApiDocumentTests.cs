using System.Text.Json.Nodes;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>The documents of the APIs, as they are served, against Spectral's rules for OpenAPI and OWASP's for APIs.</summary>
[Trait("Practice", "P15")]
[Trait("Practice", "P37")]
public sealed class ApiDocumentTests(ShopSystem shop, Spectral spectral) : IClassFixture<Spectral>
{
    public static TheoryData<string, bool> Documents { get; } = new() { { "catalog", true }, { "catalog", false }, { "orders", true }, { "orders", false } };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_document_breaks_no_rule(string api, bool atTheGateway)
    {
        var output = await spectral.LintAsync((await ReadAsync(api, atTheGateway)).ToJsonString());
        Assert.True(output.ExitCode == 0, output.Text);
    }

    [Theory]
    [InlineData("owasp:api4:2023-string-limit", "components/schemas/Problem/properties/title/maxLength")]
    [InlineData("owasp:api4:2023-rate-limit", "paths/~api~orders/get/responses/200/headers/RateLimit")]
    [InlineData("owasp:api2:2023-write-restricted", "paths/~api~orders/post/security")]
    [InlineData("oas3-schema", "info/title")]
    public async Task One_with_a_fault_does(string rule, string fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var document = await ReadAsync("orders", atTheGateway: true);
        var steps = fault.Split('/').Select(step => step.Replace('~', '/')).ToList();
        Assert.True(steps.SkipLast(1).Aggregate(document, (node, step) => node[step]!).AsObject().Remove(steps[^1]));
        var output = await spectral.LintAsync(document.ToJsonString());
        Assert.True(output.ExitCode == 1, output.Text);
        Assert.Contains(rule, output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("catalog", "/api/catalog/products/{id}", "reservations")]
    [InlineData("orders", "/api/orders/{id}/cancel", "/openapi")]
    public async Task The_gateway_shows_what_can_be_reached_through_it_and_no_more(string api, string open, string closed)
    {
        var document = await ReadAsync(api, atTheGateway: true);
        var paths = document["paths"]!.AsObject().Select(path => path.Key).ToList();
        Assert.Contains(open, paths);
        Assert.DoesNotContain(paths, path => path.Contains(closed, StringComparison.Ordinal));
        Assert.Equal(shop.Run.Place.Shop.GetLeftPart(UriPartial.Authority), document["servers"]![0]!["url"]!.GetValue<string>());
    }

    private async Task<JsonNode> ReadAsync(string api, bool atTheGateway)
    {
        using var guest = shop.Guest(atTheGateway ? null : shop.Run.Service(api));
        using var answer = await guest.GetAsync(atTheGateway ? $"/docs/{api}.json" : "/openapi/v1.json");
        return JsonNode.Parse((await answer.JsonAsync()).GetRawText())!;
    }
}
