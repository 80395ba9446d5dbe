using System.Net;
using System.Net.Http.Json;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Each forgery beside the good token that it was made from, at the edge.</summary>
public sealed class ForgedTokenTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    public static TheoryData<string> Forgeries => [.. ForgedTokens.Names];

    [Fact]
    [Trait("Practice", "P02")]
    public async Task A_good_token_passes_and_goes_on_to_the_service()
    {
        var token = TestTokens.Create("orders", "alice", [Scope.OrdersRead], [Role.Customer]);
        using var answer = await gateway.Host.GetAsync("/api/orders", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var echo = await answer.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken);
        Assert.Equal("orders", echo!.Service);
        Assert.Equal("/", echo.Path);
        Assert.Equal($"Bearer {token}", echo.Headers["Authorization"]);
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Practice", "P02")]
    public async Task A_forged_token_reaches_no_service(string forgery)
    {
        using var orders = await gateway.Host.GetAsync("/api/orders", ForgedTokens.Create(forgery, "orders", "alice", [Scope.OrdersRead]));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, orders);
        Assert.Equal("Bearer error=\"invalid_token\", resource_metadata=\"https://localhost:7443/.well-known/oauth-protected-resource/api/orders\"", orders.Headers.WwwAuthenticate.ToString());

        // Guests may read the catalog; a forger may not.
        using var catalog = await gateway.Host.GetAsync("/api/catalog/products", ForgedTokens.Create(forgery, "catalog", "alice", [Scope.CatalogRead]));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, catalog);
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task A_token_for_one_api_is_refused_at_the_other()
    {
        var catalog = TestTokens.Create("catalog", "alice", Scope.All, Role.All);
        using var refused = await gateway.Host.GetAsync("/api/orders", catalog);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, refused);
        using var served = await gateway.Host.GetAsync("/api/catalog/products", catalog);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }
}

/// <summary>One gateway for the tests of a class that do not change it.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    internal GatewayHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
