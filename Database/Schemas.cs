using SecureShop.Catalog.Data;
using SecureShop.Database.Policies;
using SecureShop.Identity.Data;
using SecureShop.Orders.Data;

namespace SecureShop.Database;

/// <summary>The services that have a schema. A new one is one line here.</summary>
internal static class Schemas
{
    public static IReadOnlyList<ServiceSchema> All { get; } =
    [
        ServiceSchema.For<IdentityDbContext>("identity", IdentityPolicies.Tables) with { AppendOnlyTables = ["audit_events"] },
        ServiceSchema.For<CatalogDbContext>("catalog", CatalogPolicies.Tables) with { ReadOnlyTables = ["categories"], AppendOnlyTables = ["audit_events"], Views = CatalogPolicies.Views },
        ServiceSchema.For<OrdersDbContext>("orders", OrdersPolicies.Tables) with { AppendOnlyTables = ["audit_events", "audit_waiting"], Functions = ["audit_forward"], Views = OrdersPolicies.Views },
    ];
}
