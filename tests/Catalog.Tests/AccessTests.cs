using System.Net;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>Who may call what: each endpoint, each role, each scope, both sides.</summary>
public sealed class AccessTests(CatalogHost host)
{
    private const string Read = "GET /products", ReadOne = "GET /products/{id}", Categories = "GET /categories";
    private const string Create = "POST /products", Replace = "PUT /products/{id}", Stock = "PUT /products/{id}/stock", Delete = "DELETE /products/{id}";
    private const string Take = "PUT /reservations/{order}", Confirm = "PUT /reservations/{reserved}/confirmed", Release = "DELETE /reservations/{order}", Sales = "GET /sales";

    public static IEnumerable<TheoryDataRow<string, string, string?, int>> Table()
    {
        foreach (var endpoint in (string[])[Read, ReadOne, Categories])
        {
            yield return new(endpoint, "guest", null, 200);
            foreach (var role in (string[])["customer", "seller", "support", "admin"])
                yield return new(endpoint, role, "catalog.read", 200);
            yield return new(endpoint, "admin", "catalog.write", 403);
            yield return new(endpoint, "admin", "catalog.readall", 403);
            yield return new(endpoint, "admin", "", 403);
            yield return new(endpoint, "service", "catalog.read", 200);
        }

        foreach (var (endpoint, ok) in ((string, int)[])[(Create, 201), (Replace, 200), (Stock, 200), (Delete, 204)])
        {
            yield return new(endpoint, "guest", null, 401);
            yield return new(endpoint, "customer", "catalog.write", 403);
            yield return new(endpoint, "support", "catalog.write", 403);
            yield return new(endpoint, "seller", "catalog.write", ok);
            yield return new(endpoint, "admin", "catalog.write", ok);
            yield return new(endpoint, "seller", "catalog.read", 403);
            yield return new(endpoint, "admin", "catalog.read", 403);
            yield return new(endpoint, "seller", "catalog", 403);
            yield return new(endpoint, "SELLER", "catalog.write", 403);
            yield return new(endpoint, "service", "catalog.write", 403);
        }

        yield return new(Sales, "guest", null, 401);
        yield return new(Sales, "customer", "catalog.read", 403);
        yield return new(Sales, "support", "catalog.read", 403);
        yield return new(Sales, "seller", "catalog.read", 200);
        yield return new(Sales, "admin", "catalog.read", 200);
        yield return new(Sales, "seller", "catalog.write", 403);
        yield return new(Sales, "service", "catalog.read", 403);

        foreach (var (endpoint, ok) in ((string, int)[])[(Take, 200), (Confirm, 204), (Release, 204)])
        {
            yield return new(endpoint, "guest", null, 401);
            yield return new(endpoint, "admin", "catalog.read catalog.write", 403);
            yield return new(endpoint, "service", "catalog.read", 403);
            yield return new(endpoint, "service", "catalog.reserve", ok);
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P12")]
    public async Task Each_endpoint_answers_each_caller_as_the_table_says(string endpoint, string role, string? scope, int status)
    {
        var subject = $"{Guid.NewGuid()}";
        using var owner = host.Seller(subject);
        var product = await owner.Add();
        using var caller = host.As(scope is null ? null : TestTokens.Create(
            "catalog", role == "service" ? null : subject, [scope], role == "service" ? null : [role]));

        using var orders = host.OrdersService();
        var reserved = Guid.NewGuid();
        if (endpoint == Confirm)
            (await orders.Put($"/reservations/{reserved}", Sample.Lines((product.Id, 1)))).Expect(HttpStatusCode.OK);
        var before = await owner.Get($"/products/{product.Id}");

        var parts = endpoint.Split(' ');
        var path = parts[1].Replace("{id}", product.Id, StringComparison.Ordinal).Replace("{order}", $"{Guid.NewGuid()}", StringComparison.Ordinal)
            .Replace("{reserved}", $"{reserved}", StringComparison.Ordinal);
        object? body = endpoint switch
        {
            Create or Replace => Sample.Product(),
            Stock => new { quantity = 3 },
            Take => Sample.Lines((product.Id, 1)),
            _ => null,
        };
        var reply = await caller.Send(new HttpMethod(parts[0]), path, body, endpoint is Replace or Stock ? [("If-Match", product.ETag)] : []);

        if (status < 400)
            reply.Expect((HttpStatusCode)status);
        else
            reply.ExpectProblem((HttpStatusCode)status);
        if (status == 401)
            Assert.Contains(reply.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
        if (status >= 400)
            Assert.Equal(before.Text, (await owner.Get($"/products/{product.Id}")).Text);
    }

    public static IEnumerable<TheoryDataRow<string>> Forgeries() => ForgedTokens.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Practice", "P02")]
    public async Task A_forged_token_is_refused_even_where_guests_are_served(string forgery)
    {
        using var caller = host.As(ForgedTokens.Create(forgery, "catalog", $"{Guid.NewGuid()}", ["catalog.read", "catalog.write"], ["seller"]));
        (await caller.Get("/products")).ExpectProblem(HttpStatusCode.Unauthorized);
        (await caller.Post("/products", Sample.Product())).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task What_has_no_route_has_no_answer_but_404()
    {
        using var admin = host.Admin();
        foreach (var path in (string[])["/", "/admin", "/products/1", "/products/../orders", "/swagger"])
            (await admin.Get(path)).ExpectProblem(HttpStatusCode.NotFound);
    }
}
