using System.Net;
using SecureShop.Orders.Tests.Personal;
using SecureShop.Orders.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

/// <summary>
/// What must never be, written by hand and without the access table: a wrong row cannot hide here. Each beside the caller who may.
/// </summary>
[Trait("Practice", "P10")]
[Trait("Practice", "P11")]
[Trait("Practice", "P12")]
public sealed class NeverTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private static readonly string[] EveryScope =
        ["catalog.read", "catalog.write", "catalog.reserve", "orders.read", "orders.write", "orders.refund", "orders.admin", "personal.answer", "account", "openid", "profile", "email", "offline_access"];

    [Fact]
    public async Task A_guest_sees_and_does_nothing()
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        foreach (var (method, path) in new[] { ("GET", "/"), ("GET", "/all"), ("GET", $"/{id}"), ("POST", $"/{id}/cancel"), ("POST", "/"), ("GET", $"/{id}/delivery"), ("GET", $"/{id}/shipping-label"), ("GET", "/sales"), ("POST", $"/{id}/ship"), ("POST", $"/{id}/deliver"), ("POST", $"/{id}/refunds"), ("GET", "/parked"), ("POST", $"/parked/{id}/retry") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            await answer.ProblemAsync(HttpStatusCode.Unauthorized);
        }

        await IsPlacedAsync(customer, id);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("seller")]
    public async Task Nobody_reads_or_cancels_anothers_order_whatever_the_token_was_granted(string role)
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add(), Deliveries.Canaries());
        var other = host.As(role, null, EveryScope);

        using var read = await other.GetAsync($"/{id}");
        await read.ProblemAsync(HttpStatusCode.NotFound);
        using var delivery = await other.GetAsync($"/{id}/delivery");
        await delivery.ProblemAsync(HttpStatusCode.NotFound);
        using var label = await other.GetAsync($"/{id}/shipping-label");
        await label.ProblemAsync(role == "seller" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        using var all = await other.GetAsync("/all");
        await all.ProblemAsync(HttpStatusCode.Forbidden);
        using var mine = await other.GetAsync("/");
        Assert.DoesNotContain($"{id}", await mine.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var cancelled = await other.CancelAsync(id);
        await cancelled.ProblemAsync(role == "customer" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        await IsPlacedAsync(customer, id);
    }

    [Theory]
    [InlineData("support")]
    [InlineData("admin")]
    public async Task Staff_never_read_others_orders_without_the_scope_for_it(string role)
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        string[] without = [.. EveryScope.Where(scope => scope != "orders.admin")];

        using var read = await host.As(role, null, without).GetAsync($"/{id}");
        await read.ProblemAsync(HttpStatusCode.NotFound);
        using var all = await host.As(role, null, without).GetAsync("/all");
        await all.ProblemAsync(HttpStatusCode.Forbidden);

        using var allowed = await host.As(role, null, EveryScope).GetAsync($"/{id}");
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Theory]
    [InlineData("seller")]
    [InlineData("support")]
    [InlineData("admin")]
    public async Task Nobody_but_its_customer_cancels_as_a_customer_does(string role)
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        using var cancelled = await host.As(role, null, EveryScope).CancelAsync(id);
        await cancelled.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.True(host.Catalog.Holds(id));
        await IsPlacedAsync(customer, id);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("support")]
    [InlineData("admin")]
    public async Task Nobody_but_the_seller_of_the_lines_ships(string role)
    {
        var customer = host.Customer();
        var sam = host.As("seller");
        var id = await customer.PlacedAsync(host.Catalog.Add(seller: sam.Subject));
        foreach (var path in new[] { $"/{id}/ship", $"/{id}/deliver" })
        {
            using var refused = await host.As(role, sam.Subject, EveryScope).PostAsync(path);
            await refused.ProblemAsync(HttpStatusCode.Forbidden);
            using var other = await host.As("seller", customer.Subject, EveryScope).PostAsync(path);
            await other.ProblemAsync(HttpStatusCode.NotFound);
        }

        await IsPlacedAsync(customer, id);
        using var shipped = await sam.PostAsync($"/{id}/ship");
        Assert.Equal(HttpStatusCode.OK, shipped.StatusCode);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("seller")]
    public async Task Nobody_but_staff_refunds_whatever_the_token_was_granted(string role)
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        foreach (var caller in new[] { host.Staff(role), host.Staff(role, customer.Subject), host.As("support", null, EveryScope), host.As("admin", null, EveryScope) })
        {
            using var refused = await caller.PostAsync($"/{id}/refunds", new { amount = 1 }, "refund-0001");
            Assert.True(refused.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, refused.StatusCode.ToString());
        }

        Assert.Equal((1, 24.90m), await host.ChargedAsync(id));
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("seller")]
    [InlineData("support")]
    public async Task Nobody_but_an_administrator_sees_or_frees_what_is_parked(string role)
    {
        await host.ParkAsync();
        using var seen = await host.As(role, null, EveryScope).GetAsync("/parked");
        await seen.ProblemAsync(HttpStatusCode.Forbidden);
        using var freed = await host.As(role, null, EveryScope).PostAsync($"/parked/{host.Parked}/retry");
        await freed.ProblemAsync(HttpStatusCode.Forbidden);
        using var allowed = await host.As("admin", null, EveryScope).GetAsync("/parked");
        Assert.Contains($"{host.Parked}", await allowed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders.read", "GET", "/")]
    [InlineData("orders.read", "GET", "/ID")]
    [InlineData("orders.read", "GET", "/ID/delivery")]
    [InlineData("orders.read", "GET", "/ID/shipping-label")]
    [InlineData("orders.write", "POST", "/ID/cancel")]
    [InlineData("orders.admin", "GET", "/all")]
    [InlineData("orders.admin", "GET", "/parked")]
    [InlineData("orders.read", "GET", "/sales")]
    [InlineData("orders.write", "POST", "/ID/ship")]
    [InlineData("orders.refund", "POST", "/ID/refunds")]
    public async Task No_role_does_anything_without_its_scope(string scope, string method, string path)
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        foreach (var role in new[] { "customer", "seller", "support", "admin" })
        {
            var caller = host.As(role, customer.Subject, [.. EveryScope.Where(held => held != scope)]);
            using var answer = await caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path.Replace("ID", $"{id}", StringComparison.Ordinal)));
            await answer.ProblemAsync(HttpStatusCode.Forbidden);
        }

        await IsPlacedAsync(customer, id);
    }

    [Fact]
    public async Task A_service_is_nobodys_customer()
    {
        var token = TestTokens.Create("orders", null, EveryScope, null, tweak => tweak.Claims["exp"] = host.Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());
        var service = new Caller(host, "", token);
        foreach (var path in new[] { "/", $"/{id}", "/all" })
        {
            using var answer = await service.GetAsync(path);
            await answer.ProblemAsync(HttpStatusCode.Forbidden);
        }
    }

    private static async Task IsPlacedAsync(Caller customer, Guid id)
    {
        using var answer = await customer.GetAsync($"/{id}");
        Assert.Equal("confirmed", (await answer.JsonAsync()).GetProperty("state").GetString());
    }
}
