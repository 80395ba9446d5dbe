using SecureShop.Catalog.Data;
using SecureShop.Identity.Data;
using SecureShop.Orders.Data;

namespace SecureShop.Database;

/// <summary>The services that have a schema. A new one is one line here.</summary>
internal static class Schemas
{
    public static IReadOnlyList<ServiceSchema> All { get; } =
    [
        ServiceSchema.For<IdentityDbContext>("identity") with { AppendOnlyTables = ["audit_events"] },
        ServiceSchema.For<CatalogDbContext>("catalog") with { ReadOnlyTables = ["categories"], AppendOnlyTables = ["audit_events"] },
        ServiceSchema.For<OrdersDbContext>("orders") with { AppendOnlyTables = ["audit_events"] },
    ];
}
