using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Identity.Tokens;

/// <summary>The APIs, their scopes, and what a token for them says about its user.</summary>
internal static class ShopResources
{
    public static IReadOnlyList<IdentityResource> Identity { get; } =
    [
        new IdentityResources.OpenId(),
        // Of the standard profile we hold the name alone.
        new(IdentityServerConstants.StandardScopes.Profile, "Your name", [ShopClaims.Name]),
    ];

    public static IReadOnlyList<ApiScope> Scopes { get; } =
    [
        new(Scope.CatalogRead, "Read the catalog"),
        new(Scope.CatalogWrite, "Change products"),
        new(Scope.CatalogReserve, "Reserve stock for orders") { ShowInDiscoveryDocument = false },
        new(Scope.OrdersRead, "Read orders"),
        new(Scope.OrdersWrite, "Place and cancel orders"),
        new(Scope.OrdersRefund, "Refund orders"),
        new(Scope.OrdersAdmin, "Handle everyone's orders"),
    ];

    public static IReadOnlyList<ApiResource> Apis { get; } =
    [
        Api("catalog", "Catalog", Scope.CatalogRead, Scope.CatalogWrite, Scope.CatalogReserve),
        Api("orders", "Orders", Scope.OrdersRead, Scope.OrdersWrite, Scope.OrdersRefund, Scope.OrdersAdmin),
    ];

    private static ApiResource Api(string name, string title, params string[] scopes)
        => new(name, title, [ShopClaims.Role]) { Scopes = scopes };
}
