using System.Net;
using System.Net.Http.Json;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Tokens;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>What is reachable, for whom, and that nothing else is.</summary>
public sealed class RouteTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private const string Id = "0198f000-0000-7000-8000-000000000001";

    private readonly GatewayHost host = gateway.Host;

    public static IEnumerable<TheoryDataRow<string, string>> Callers()
        => from row in AccessTable.All where row is { IsPublic: true, Rule.Kind: AccessKind.Token } from who in AccessCase.Callers select new TheoryDataRow<string, string>(row.Name, who);

    [Theory]
    [MemberData(nameof(Callers))]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P12")]
    [Trait("Practice", "P15")]
    public async Task Each_route_wants_what_its_row_of_the_access_table_says_but_for_the_owner(string name, string who)
    {
        var row = AccessTable.All.Single(row => row.Name == name);
        var coarse = row with { Rule = row.Rule.WithoutOwnership() };
        var path = ProtectedApi.Path(row.Service) + row.Path.Replace("{id:guid}", Id, StringComparison.Ordinal);
        foreach (var one in AccessCase.Of(row, who))
        {
            using var answer = await host.SendAsync(new HttpMethod(row.Method), path, one.Token(row, "someone", TimeProvider.System.GetUtcNow()));
            var expected = one.At(coarse) switch
            {
                Verdict.Served => HttpStatusCode.OK,
                Verdict.Forbidden => HttpStatusCode.Forbidden,
                _ => HttpStatusCode.Unauthorized,
            };
            Assert.True(expected == answer.StatusCode, $"{one}: {answer.StatusCode} instead of {expected}");
            Assert.Equal(one.At(coarse) == Verdict.SignInAgain, answer.Headers.WwwAuthenticate.ToString().Contains("insufficient_user_authentication", StringComparison.Ordinal));
        }
    }

    [Fact]
    [Trait("Practice", "P15")]
    public void Its_routes_are_the_public_rows_with_their_limits_and_the_identity_server()
    {
        Assert.Equal(
            AccessTable.All.Where(row => row.IsPublic).Select(row => $"{row.Method} {ProtectedApi.Path(row.Service)}{row.Path}".TrimEnd('/')),
            RouteTable.All.Where(route => route.Origin == Origin.Shop).Select(route => $"{string.Join(',', route.Methods)} {route.Path}"));
        Assert.Equal(["GET,HEAD", "POST"], RouteTable.All.Where(route => route.Origin != Origin.Shop).Select(route => string.Join(',', route.Methods)));
        Assert.All(AccessTable.All, row => Assert.Equal(row.Limit, GatewayRoute.ClassOf(Origin.Shop, row.Method, ProtectedApi.Path(row.Service) + row.Path)));
        Assert.All(RouteTable.All, route => Assert.Null(route.Rule.Ownership));
    }

    [Theory]
    [InlineData("GET", "/api/catalog/products?q=tea", "catalog", "/products?q=tea")]
    [InlineData("GET", $"/api/catalog/products/{Id}", "catalog", $"/products/{Id}")]
    [InlineData("GET", $"/api/catalog/products/{Id}/stock", "catalog", $"/products/{Id}/stock")]
    [InlineData("PUT", $"/api/catalog/products/{Id}/stock", "catalog", $"/products/{Id}/stock")]
    [InlineData("GET", "/api/catalog/categories", "catalog", "/categories")]
    [InlineData("POST", "/api/orders", "orders", "/")]
    [InlineData("POST", "/api/orders/", "orders", "/")]
    [InlineData("GET", "/api/orders/all", "orders", "/all")]
    [InlineData("POST", $"/api/orders/{Id}/cancel", "orders", $"/{Id}/cancel")]
    [Trait("Practice", "P15")]
    public async Task The_service_sees_its_own_path(string method, string path, string service, string expected)
    {
        using var answer = await host.SendAsync(new HttpMethod(method), path, TestTokens.Create(service, "adam", Scope.All, Role.All));
        var echo = await EchoAsync(answer);
        Assert.Equal((service, expected), (echo.Service, echo.Path));
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/catalog")]
    [InlineData($"/api/catalog/reservations/{Id}")]
    [InlineData($"/API/CATALOG/RESERVATIONS/{Id}")]
    [InlineData($"/api/catalog/products/../reservations/{Id}")]
    [InlineData($"/api/catalog/products/%2e%2e/reservations/{Id}")]
    [InlineData($"/api/catalog/%72eservations/{Id}")]
    [InlineData("/api/catalog/health/ready")]
    [InlineData("/api/catalog/openapi/v1.json")]
    [InlineData("/api/orders/health/live")]
    [InlineData("/api/orders/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/HEALTH/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/connect/token")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/api/identity/account")]
    [InlineData("/api/identity/personal-parts")]
    [InlineData("/personal-parts")]
    [Trait("Practice", "P15")]
    [Trait("Practice", "P28")]
    public async Task Nothing_else_is_there(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            foreach (var audience in new[] { "catalog", "orders" })
            {
                using var answer = await SendRawAsync(host.Shop, method, path, TestTokens.Create(audience, "adam", Scope.All, Role.All));
                await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, answer);
            }
        }
    }

    [Theory]
    [InlineData("/api/catalog/products/1")]
    [InlineData("/api/orders/not-an-id")]
    [InlineData($"/api/orders/{Id}1")]
    [Trait("Practice", "P23")]
    public async Task What_is_no_identifier_is_not_asked_for(string path)
    {
        using var answer = await host.GetAsync(path, TestTokens.Create(path.Split('/')[2], "adam", Scope.All, Role.All));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, answer);
    }

    [Theory]
    [InlineData("//api/orders")]
    [InlineData("/api//orders")]
    [InlineData("/api/orders//all")]
    [InlineData("/api%2Forders")]
    [InlineData("/api/catalog/products%2f..%2freservations")]
    [InlineData("/api/catalog/products/%252e%252e/reservations")]
    [InlineData("/api/catalog/products;x=1/")]
    [InlineData("/api/catalog\\reservations")]
    [InlineData("/api/catalog/%5creservations")]
    [InlineData("/api/orders/%00")]
    [InlineData("/api/orders/caf%C3%A9")]
    [InlineData("/api/orders/%c0%af")]
    [InlineData("/api/%c0%ae%c0%ae/orders")]
    [InlineData("/api/orders/%e0%80%af")]
    [InlineData("/api/orders/%f0%80%80%af")]
    [InlineData("/api/orders/%u002f")]
    [InlineData("/api/orders/%")]
    [InlineData("/api/orders/%2")]
    [InlineData("/api/orders/%25%32%66")]
    [InlineData("/api/orders/..%2f..%2fhealth")]
    [InlineData("/api/orders/%2e%2e%2fhealth")]
    [InlineData("/@identity/health/ready")]
    [InlineData("/%40identity/health/ready")]
    [Trait("Practice", "P23")]
    [Trait("Practice", "P28")]
    public async Task A_path_that_could_mean_two_things_is_refused(string path)
    {
        foreach (var client in new[] { host.Shop, host.Identity })
        {
            using var answer = await SendRawAsync(client, HttpMethod.Get, path, null);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/health/ready")]
    [InlineData("/health")]
    [InlineData("/Health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/personal-parts")]
    [InlineData("/Personal-Parts?limit=100")]
    [InlineData("/%70ersonal-parts/0197a9f0-0000-7000-8000-000000000000")]
    [InlineData("/x/../health/ready")]
    [InlineData("/%68ealth/ready")]
    [Trait("Practice", "P15")]
    public async Task The_identity_servers_inside_is_not_shown(string path)
    {
        using var hidden = await SendRawAsync(host.Identity, HttpMethod.Get, path, null);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, hidden);
        using var shown = await host.Identity.GetAsync("/account/login?returnUrl=%2Fx", TestContext.Current.CancellationToken);
        var echo = await EchoAsync(shown);
        Assert.Equal(("identity", "/account/login?returnUrl=%2Fx"), (echo.Service, echo.Path));
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task Health_is_on_its_own_door_and_nothing_else_is()
    {
        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            using var answer = await host.Health.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var query = await host.Health.GetAsync("/health/live?x=1", TestContext.Current.CancellationToken);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, query);
        foreach (var path in new[] { "/api/catalog/products", "/account/login" })
        {
            using var answer = await GatewayHost.SendAsync(host.Health, HttpMethod.Get, path, headers: ("Host", GatewayFactory.ShopHost));
            await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, answer);
        }
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task A_method_that_a_path_does_not_have_is_a_405_that_names_those_it_has()
    {
        using var answer = await host.SendAsync(HttpMethod.Delete, "/api/catalog/products");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.MethodNotAllowed, answer);
        Assert.Equal(["GET", "HEAD", "POST"], answer.Content.Headers.Allow);
        foreach (var method in new[] { "TRACE", "PATCH", "PROPFIND", "X", "OPTIONS" })
        {
            using var refused = await host.SendAsync(new HttpMethod(method), "/api/catalog/products");
            await ProblemAssert.IsProblemAsync(HttpStatusCode.MethodNotAllowed, refused);
            Assert.Equal(["GET", "HEAD", "POST"], refused.Content.Headers.Allow);
        }
    }

    [Theory]
    [InlineData("TRACE", $"/api/catalog/products/{Id}", "DELETE, GET, HEAD, PUT")]
    [InlineData("POST", $"/api/catalog/products/{Id}/stock", "GET, HEAD, PUT")]
    [InlineData("GET", $"/api/orders/{Id}/cancel", "POST")]
    [InlineData("HEAD", $"/api/orders/{Id}/cancel", "POST")]
    [InlineData("PATCH", "/api/orders", "GET, HEAD, POST")]
    [InlineData("DELETE", "/api/orders/all", "GET, HEAD")]
    [InlineData("POST", "/api/orders/not-an-id", null)]
    [InlineData("PATCH", "/api/catalog/products/1", null)]
    [InlineData("PUT", $"/api/catalog/reservations/{Id}", null)]
    [InlineData("TRACE", "/health/live", null)]
    [InlineData("TRACE", "/nothing", null)]
    [Trait("Practice", "P19")]
    public async Task The_methods_that_a_refusal_names_are_the_true_ones(string method, string path, string? allowed)
    {
        using var answer = await host.SendAsync(new HttpMethod(method), path);
        Assert.Equal(allowed is null ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed ?? "", string.Join(", ", answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("TRACE")]
    [Trait("Practice", "P19")]
    public async Task The_identity_origin_names_its_methods_too(string method)
    {
        using var answer = await GatewayHost.SendAsync(host.Identity, new HttpMethod(method), "/account/login");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("GET, HEAD, POST", string.Join(", ", answer.Content.Headers.Allow));
    }

    private static async Task<Echo> EchoAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Echo>(TestContext.Current.CancellationToken))!;
    }

    // A Uri that is told to keep its path: otherwise the client would tidy up what the server is to be tested with.
    private static Task<HttpResponseMessage> SendRawAsync(HttpClient client, HttpMethod method, string path, string? token)
    {
        var address = new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(method, address);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
