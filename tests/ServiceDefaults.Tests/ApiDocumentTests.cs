using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class ApiDocumentTests
{
    [Fact]
    [Trait("Practice", "P15")]
    public async Task The_document_says_of_each_operation_what_its_rule_says()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/products/{id}", (Guid id) => id).RequireAccess(AccessRule.ForScope(Scope.CatalogRead).OrGuests());
            app.MapGet("/all", () => "all").RequireAccess(AccessRule.ForScope(Scope.OrdersAdmin));
            app.MapPost("/products", (Dictionary<string, string> body) => body)
                .RequireAccess(AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin).WithOwnership(Ownership.Of(Owner.Seller)));
        });

        using var answer = await host.GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var document = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var read = document.GetProperty("paths").GetProperty("/products/{id}").GetProperty("get");
        Assert.Equal(3, read.GetProperty("security").GetArrayLength());
        Assert.Equal("catalog.read", read.GetProperty("security")[0].GetProperty("oauth2")[0].GetString());
        Assert.Equal(0, read.GetProperty("security")[1].GetProperty("apiKey").GetArrayLength());
        Assert.Empty(read.GetProperty("security")[2].EnumerateObject());
        Assert.Equal(["200", "400", "401", "403", "404", "429"], Statuses(read));

        var write = document.GetProperty("paths").GetProperty("/products").GetProperty("post");
        Assert.Equal("catalog.write", write.GetProperty("security")[0].GetProperty("oauth2")[0].GetString());
        Assert.True(write.GetProperty("security")[1].TryGetProperty("apiKey", out _));
        Assert.Equal(2, write.GetProperty("security").GetArrayLength());
        Assert.Equal("Roles: seller, admin. Ownership: the product's seller.", write.GetProperty("description").GetString());
        Assert.Equal(["200", "400", "401", "403", "409", "413", "415", "429"], Statuses(write));
        Assert.Equal(
            "#/components/schemas/Problem",
            write.GetProperty("responses").GetProperty("403").GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());

        // No key can be for that.
        var all = document.GetProperty("paths").GetProperty("/all").GetProperty("get").GetProperty("security");
        Assert.Equal("orders.admin", Assert.Single(all.EnumerateArray()).GetProperty("oauth2")[0].GetString());

        var keys = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey");
        Assert.Equal(("apiKey", "header", "X-Api-Key"), (keys.GetProperty("type").GetString(), keys.GetProperty("in").GetString(), keys.GetProperty("name").GetString()));
        var flow = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("oauth2").GetProperty("flows").GetProperty("authorizationCode");
        Assert.Equal($"{TestTokens.Issuer}/connect/authorize", flow.GetProperty("authorizationUrl").GetString());
        Assert.False(document.TryGetProperty("servers", out var servers) && servers.GetArrayLength() > 0);
        Assert.DoesNotContain(document.GetProperty("paths").EnumerateObject(), path => path.Name.StartsWith("/health", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task Text_and_amounts_are_described_though_they_are_read_by_converters()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(
            issuer, app => app.MapPost("/labels", (Label label, string? q) => label).RequireAccess(AccessRule.Anyone("a test")));

        using var answer = await host.GetAsync("/openapi/v1.json");
        var document = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var label = document.GetProperty("components").GetProperty("schemas").GetProperty("Label").GetProperty("properties");
        Assert.Equal("\"string\"", label.GetProperty("text").GetProperty("type").GetRawText());
        Assert.Equal(["null", "string"], label.GetProperty("note").GetProperty("type").EnumerateArray().Select(type => type.GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal("\"string\"", label.GetProperty("tags").GetProperty("items").GetProperty("type").GetRawText());
        Assert.Equal("\"number\"", label.GetProperty("price").GetProperty("type").GetRawText());
        var query = document.GetProperty("paths").GetProperty("/labels").GetProperty("post").GetProperty("parameters")[0];
        Assert.Equal("\"string\"", query.GetProperty("schema").GetProperty("type").GetRawText());
    }

    private sealed record Label(string Text, string? Note, IReadOnlyList<string> Tags, decimal Price);

    private static IEnumerable<string> Statuses(JsonElement operation)
        => operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal);
}
