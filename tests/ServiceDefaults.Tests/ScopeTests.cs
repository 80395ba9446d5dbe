using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Who may be granted what, written once more by hand: a wrong list of scopes must not hide behind what is made from it.</summary>
[Trait("Practice", "P12")]
public sealed class ScopeTests
{
    [Theory]
    [InlineData("openid", null, "Know that you are you", "customer seller support admin")]
    [InlineData("profile", null, "See your name", "customer seller support admin")]
    [InlineData("email", null, "See your e-mail address", "customer seller support admin")]
    [InlineData("offline_access", null, "Do so while you are away, until you sign out", "customer seller support admin")]
    [InlineData("catalog.read", "catalog", "Read the catalog", "customer seller support admin")]
    [InlineData("catalog.write", "catalog", "Change your products", "seller admin")]
    [InlineData("catalog.reserve", "catalog", "Reserve stock for orders", "")]
    [InlineData("orders.read", "orders", "Read your orders", "customer seller support admin")]
    [InlineData("orders.write", "orders", "Place and cancel orders for you", "customer seller support admin")]
    [InlineData("orders.refund", "orders", "Refund orders", "support admin")]
    [InlineData("orders.admin", "orders", "Handle everyone's orders", "support admin")]
    [InlineData("personal.answer", "identity", "Answer what people ask for of their data", "")]
    public void Each_scope_is_for_one_api_and_granted_by_these_roles(string name, string? api, string title, string roles)
    {
        var scope = ShopScopes.Find(name);
        Assert.NotNull(scope);
        Assert.Equal((name, api, title), (scope.Name, scope.Api, scope.Title));
        Assert.Equal(roles, string.Join(' ', Role.All.Where(role => ShopScopes.GrantableBy([role], [name]).Count == 1)));
        Assert.Equal(api is null ? [name] : [], ShopScopes.GrantableBy([], [name]));
        Assert.Equal(api is null ? [] : [api], ShopScopes.ApisOf([name]));
    }

    [Fact]
    public void There_are_no_others()
    {
        Assert.Equal(12, ShopScopes.All.Count);
        Assert.Equal(["catalog", "orders", "identity"], ShopScopes.Apis);
        Assert.Equal(["catalog.reserve", "personal.answer"], ShopScopes.OfServices);
        Assert.Equal(["catalog.read", "catalog.write", "orders.read", "orders.write"], ShopScopes.OfApiKeys);
        Assert.Equal(
            ["catalog.read", "catalog.write", "catalog.reserve", "orders.read", "orders.write", "orders.refund", "orders.admin", "personal.answer", "account"], Scope.All);
        Assert.Equal(["customer", "seller", "support", "admin"], Role.All);
        foreach (var unknown in (string[])["", "Catalog.Read", "catalog", "catalog.read ", "catalog.reads"])
        {
            Assert.Null(ShopScopes.Find(unknown));
            Assert.Empty(ShopScopes.GrantableBy(Role.All, [unknown]));
            Assert.Empty(ShopScopes.For(ShopScopes.Apis, [unknown]));
        }
    }

    [Fact]
    public void A_role_grants_what_is_its_own_and_nothing_by_another_spelling()
    {
        string[] asked = ["openid", "orders.read", "orders.refund", "catalog.reserve", "unknown"];
        Assert.Equal(["openid", "orders.read"], ShopScopes.GrantableBy([Role.Customer], asked));
        Assert.Equal(["openid", "orders.read", "orders.refund"], ShopScopes.GrantableBy([Role.Customer, Role.Support], asked));
        Assert.Equal(["openid"], ShopScopes.GrantableBy(["Customer", "ADMIN", ""], asked));
    }

    [Fact]
    public void A_resource_narrows_to_what_is_for_it_and_what_is_for_none()
    {
        string[] asked = ["openid", "orders.read", "catalog.read", "catalog.write", "unknown"];
        Assert.Equal(["openid", "orders.read"], ShopScopes.For(["orders"], asked));
        Assert.Equal(["openid", "orders.read", "catalog.read", "catalog.write"], ShopScopes.For(["catalog", "orders"], asked));
        Assert.Equal(["openid"], ShopScopes.For(["Orders"], asked));
        Assert.Equal(["openid"], ShopScopes.For([], asked));
        Assert.Equal(["orders", "catalog"], ShopScopes.ApisOf(asked));
    }

    [Fact]
    public void An_api_is_named_by_its_address()
    {
        Assert.Equal("https://shop.example/api/orders", ShopScopes.ResourceOf("https://shop.example", "orders"));
        Assert.All(ShopScopes.Apis, api => Assert.Equal(api, ShopScopes.ApiOf(ShopScopes.ResourceOf("https://shop.example", api))));
        foreach (var other in (string[])["https://shop.example/api/other", "https://shop.example/api/ORDERS", "https://shop.example/api/orders/", "urn:orders"])
            Assert.Null(ShopScopes.ApiOf(other));
    }
}
