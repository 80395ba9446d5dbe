using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Data.Callers;
using static SecureShop.Database.Policies.Who;

namespace SecureShop.Database.Policies;

/// <summary>Products are their seller's, drafts to be seen by nobody else; stock is counted by sellers and taken by the orders service, which changes nothing else.</summary>
internal static class CatalogPolicies
{
    // Who takes stock for orders, and what gives it back where nobody came for it (docs/catalog.md).
    private static readonly string Stock = Any(Has(Scope.CatalogReserve), Does(DatabaseTask.Reconciling));

    private static readonly string Sellers = All(Has(Scope.CatalogWrite), Any(Owns("seller_id"), Has(Role.Admin)));

    public static IReadOnlyList<TableRule> Tables { get; } =
    [
        new("products")
        {
            Read = Any("published", Owns("seller_id"), Has(Role.Admin), Stock, Does(DatabaseTask.Watching, DatabaseTask.PersonalData)),
            Add = All(Has(Scope.CatalogWrite), Owns("seller_id")),
            Change = Any(Sellers, Does(DatabaseTask.PersonalData)),
            Remove = Sellers,
        },
        new("stock")
        {
            Read = Any(Owns("seller_id"), Has(Role.Admin), Stock, Does(DatabaseTask.PersonalData), "exists (select from catalog.products as shown where shown.id = product_id and shown.published)"),
            Add = Sellers,
            Change = Any(Sellers, Stock, Does(DatabaseTask.PersonalData)),
            Remove = Sellers,
        },
        TableRule.For("reservations", Stock),
        TableRule.For("reservation_lines", Stock) with { Read = Any(Stock, Owns("seller_id"), Does(DatabaseTask.PersonalData)) },
        TableRule.AuditTrail,
        TableRule.OpenFor("categories", "The shelves of the shop, which everyone sees and migrations alone change."),
    ];

    public static IReadOnlyList<OwnerView> Views { get; } =
    [
        new(
            "published_products",
            """
            select id, seller_id, name, description, category_id, price, currency, published, language, images, variants, created_at, updated_at, version, search,
                   exists (select from catalog.stock where product_id = id and quantity > 0) as in_stock
            from catalog.products where published
            """),
        new(
            "published_stock",
            "select product_id, variant_id, stock.seller_id, quantity from catalog.stock join catalog.products on id = product_id where published"),
    ];
}
