using SecureShop.Gateway.Doors;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Gateway.Routes;

/// <summary>
/// Everything that can be reached from outside. What is not here is a 404: reservations, health and documents of the
/// services among it. Rules are the coarse half; each service checks everything again, ownership included.
/// </summary>
internal static class RouteTable
{
    private static readonly AccessRule ReadCatalog = AccessRule.ForScope(Scope.CatalogRead).OrGuests();
    private static readonly AccessRule WriteCatalog = AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin);
    private static readonly AccessRule ReadOrders = AccessRule.ForScope(Scope.OrdersRead);
    private static readonly AccessRule WriteOrders = AccessRule.ForScope(Scope.OrdersWrite);
    private static readonly AccessRule AllOrders = AccessRule.ForScope(Scope.OrdersAdmin).WithRoles(Role.Support, Role.Admin);
    private static readonly AccessRule AskIdentity = AccessRule.Anyone("The identity server proves its callers itself, by password, code or key.");

    public static IReadOnlyList<GatewayRoute> All { get; } =
    [
        Catalog("GET", "products", ReadCatalog),
        Catalog("POST", "products", WriteCatalog),
        Catalog("GET", "products/{id:guid}", ReadCatalog),
        Catalog("PUT", "products/{id:guid}", WriteCatalog),
        Catalog("DELETE", "products/{id:guid}", WriteCatalog),
        Catalog("PUT", "products/{id:guid}/stock", WriteCatalog),
        Catalog("GET", "categories", ReadCatalog),

        Orders("POST", "", WriteOrders),
        Orders("GET", "", ReadOrders),
        Orders("GET", "all", AllOrders),
        Orders("GET", "{id:guid}", ReadOrders),
        Orders("POST", "{id:guid}/cancel", WriteOrders),
        Orders("GET", "{id:guid}/delivery", ReadOrders), Orders("GET", "{id:guid}/shipping-label", ReadOrders),
        Identity("GET", "HEAD"),
        Identity("POST"),
    ];

    private static GatewayRoute Catalog(string method, string path, AccessRule rule) => Api("catalog", method, path, rule);

    private static GatewayRoute Orders(string method, string path, AccessRule rule) => Api("orders", method, path, rule);

    private static GatewayRoute Identity(params string[] methods)
        => new(Origin.Identity, methods, $"{IdentityTree.Root}/{{**path}}", "identity", AskIdentity) { Prefix = IdentityTree.Root, MaxBody = 32 * 1024 };

    private static GatewayRoute Api(string service, string method, string path, AccessRule rule)
        => new(Origin.Shop, [method], $"{ProtectedApi.Path(service)}/{path}".TrimEnd('/'), service, rule) { Prefix = ProtectedApi.Path(service) };
}
