using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Data.Callers;
using static SecureShop.Database.Policies.Who;

namespace SecureShop.Database.Policies;

/// <summary>Orders are their customer's, and to be seen by who sold lines of them; staff read them with a token that was granted for the orders of all, and a role for it.</summary>
internal static class OrdersPolicies
{
    private static readonly string Staff = All(Has(Scope.OrdersAdmin), Any(Has(Role.Support), Has(Role.Admin)));

    private static readonly string Customer = All(Has(Scope.OrdersWrite), Owns("customer_id"));

    // By a view: the policies of lines ask those of orders, and Postgres lets no two tables ask each other.
    private const string Sold = "exists (select from orders.own_sales where own_sales.order_id = orders.id)";

    // As far as its order: the policies of that table are asked.
    private const string Order = "exists (select from orders.orders where orders.id = order_id)";

    public static IReadOnlyList<TableRule> Tables { get; } =
    [
        new("orders")
        {
            Read = Any(Owns("customer_id"), Sold, Staff, Does(DatabaseTask.Reconciling, DatabaseTask.Watching)),
            Add = Customer,
            Change = Any(Customer, Does(DatabaseTask.Reconciling)),
        },
        new("order_lines")
        {
            Read = Order,
            Add = All(Has(Scope.OrdersWrite), Order),
            Change = All(Any(Has(Scope.OrdersWrite), Does(DatabaseTask.Reconciling)), Order),
        },
        TableRule.AuditTrail,
        new("order_deliveries") { Read = Order, Add = All(Has(Scope.OrdersWrite), Order) },
        TableRule.For("data_keys", Does(DatabaseTask.Sealing)),
    ];

    public static IReadOnlyList<OwnerView> Views { get; } =
    [
        new("own_sales", "select order_id from orders.order_lines where seller_id = (select nullif(current_setting('shop.subject', true), ''))"),
    ];
}
