using System.Net;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>
/// What must never be, written by hand and without the access table: a wrong row cannot hide here. Each beside the caller who may.
/// </summary>
[Trait("Practice", "P10")]
[Trait("Practice", "P11")]
[Trait("Practice", "P12")]
public sealed class NeverTests(CatalogHost host)
{
    private static readonly string[] EveryScope =
        ["catalog.read", "catalog.write", "orders.read", "orders.write", "orders.refund", "orders.admin", "account", "openid", "profile", "email", "offline_access"];

    [Fact]
    public async Task A_guest_never_writes()
    {
        using var seller = host.Seller();
        using var guest = host.Guest();
        var product = await seller.Add();
        await NoneWrites(guest, product, HttpStatusCode.Unauthorized);
        await Untouched(seller, product);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("support")]
    [InlineData(null)]
    public async Task Who_neither_sells_nor_runs_the_shop_never_writes_whatever_the_token_was_granted(string? role)
    {
        using var seller = host.Seller();
        using var caller = host.As(TestTokens.Create("catalog", $"{Guid.NewGuid()}", EveryScope, role is null ? null : [role]));
        var product = await seller.Add();
        await NoneWrites(caller, product, HttpStatusCode.Forbidden);
        await Untouched(seller, product);
    }

    [Fact]
    public async Task A_seller_never_changes_another_sellers_product_whatever_the_token_was_granted()
    {
        using var seller = host.Seller();
        using var other = host.As(TestTokens.Create("catalog", $"{Guid.NewGuid()}", EveryScope, ["customer", "seller", "support"]));
        var product = await seller.Add();
        (await other.Put($"/products/{product.Id}", Sample.Description("Stolen"), product.ETag)).ExpectProblem(HttpStatusCode.NotFound);
        (await other.Put($"/products/{product.Id}/stock", new { quantity = 0 }, "\"s1\"")).ExpectProblem(HttpStatusCode.NotFound);
        (await other.Delete($"/products/{product.Id}")).ExpectProblem(HttpStatusCode.NotFound);
        await Untouched(seller, product);
    }

    [Fact]
    public async Task No_role_writes_without_the_scope_not_even_the_owner_who_runs_the_shop()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        var product = await seller.Add();
        using var caller = host.As(TestTokens.Create("catalog", subject, [.. EveryScope.Where(scope => scope != "catalog.write")], ["customer", "seller", "support", "admin"]));
        await NoneWrites(caller, product, HttpStatusCode.Forbidden);
        await Untouched(seller, product);
    }

    [Fact]
    public async Task No_person_reserves_stock_and_no_service_does_anything_else()
    {
        using var seller = host.Seller();
        var product = await seller.Add();
        using var person = host.As(TestTokens.Create("catalog", $"{Guid.NewGuid()}", EveryScope, ["customer", "seller", "support", "admin"]));
        (await person.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 1)))).ExpectProblem(HttpStatusCode.Forbidden);
        (await person.Put($"/reservations/{Guid.NewGuid()}/confirmed", body: null)).ExpectProblem(HttpStatusCode.Forbidden);
        (await person.Delete($"/reservations/{Guid.NewGuid()}")).ExpectProblem(HttpStatusCode.Forbidden);

        using var service = host.OrdersService();
        await NoneWrites(service, product, HttpStatusCode.Forbidden);
        (await service.Put($"/reservations/{Guid.NewGuid()}", Sample.Lines(((await seller.Add()).Id, 1)))).Expect(HttpStatusCode.OK);
        await Untouched(seller, product);
    }

    [Fact]
    public async Task What_a_product_costs_its_seller_is_never_shown_to_others()
    {
        using var seller = host.Seller();
        var product = await seller.Add();
        foreach (var role in (string?[])["customer", "seller", "support", null])
        {
            using var caller = host.As(TestTokens.Create("catalog", $"{Guid.NewGuid()}", EveryScope, role is null ? null : [role]));
            var seen = (await caller.Get($"/products/{product.Id}")).Expect(HttpStatusCode.OK);
            Assert.DoesNotContain("cost", seen.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Old Quay Merchants", seen.Text, StringComparison.Ordinal);
        }

        Assert.Contains("Old Quay Merchants", (await seller.Get($"/products/{product.Id}")).Text, StringComparison.Ordinal);
    }

    private static async Task NoneWrites(Caller caller, Reply product, HttpStatusCode refusal)
    {
        (await caller.Post("/products", Sample.Product())).ExpectProblem(refusal);
        (await caller.Put($"/products/{product.Id}", Sample.Description("Stolen"), product.ETag)).ExpectProblem(refusal);
        (await caller.Put($"/products/{product.Id}/stock", new { quantity = 0 }, "\"s1\"")).ExpectProblem(refusal);
        (await caller.Delete($"/products/{product.Id}")).ExpectProblem(refusal);
    }

    private static async Task Untouched(Caller seller, Reply product)
    {
        Assert.Equal(product.Text, (await seller.Get($"/products/{product.Id}")).Text);
        Assert.Equal(10, await seller.Stock(product.Id));
        (await seller.Delete($"/products/{product.Id}")).Expect(HttpStatusCode.NoContent);
    }
}
