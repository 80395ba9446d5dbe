using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Data.Callers;
using static SecureShop.Database.Policies.Who;

namespace SecureShop.Database.Policies;

/// <summary>
/// Orders are their customer's, and to be seen by who sold lines of them; staff read them with a token that was granted for the orders of all, and a role
/// for it, and give money back with one for that.
/// </summary>
internal static class OrdersPolicies
{
    private static readonly string Staff = All(Has(Scope.OrdersAdmin), Any(Has(Role.Support), Has(Role.Admin)));

    private static readonly string Refunds = All(Has(Scope.OrdersRefund), Any(Has(Role.Support), Has(Role.Admin)));

    private static readonly string Customer = All(Has(Scope.OrdersWrite), Owns("customer_id"));

    private static readonly string Seller = All(Has(Scope.OrdersWrite), Has(Role.Seller));

    // By a view: the policies of lines ask those of orders, and Postgres lets no two tables ask each other.
    private const string Sold = "exists (select from orders.own_sales where own_sales.order_id = orders.id)";

    // As far as its order: the policies of that table are asked.
    private const string Order = "exists (select from orders.orders where orders.id = order_id)";

    private static readonly string OwnOrder = $"exists (select from orders.orders where orders.id = order_id and {Customer})";

    // Where it goes is for who sends it, for who handles everyone's orders, and for its customer's own copy; not for who gives money back, nor for what looks whether there is one.
    private static readonly string Shipped = $"exists (select from orders.orders where orders.id = order_id and {Any(Owns("customer_id"), Sold, Staff, Does(DatabaseTask.PersonalData))})";

    public static IReadOnlyList<TableRule> Tables { get; } =
    [
        new("orders")
        {
            Read = Any(Owns("customer_id"), Sold, Staff, Refunds, Does(DatabaseTask.Reconciling, DatabaseTask.Watching, DatabaseTask.PersonalData)),
            Add = Customer,
            Change = Any(Customer, All(Seller, Sold), Refunds, Does(DatabaseTask.Reconciling, DatabaseTask.PersonalData)),
        },
        new("order_lines")
        {
            Read = Order,
            Add = OwnOrder,
            Change = Any(OwnOrder, All(Seller, Owns("seller_id")), All(Does(DatabaseTask.Reconciling), Order)),
        },
        new("refunds")
        {
            Read = Any(Refunds, Does(DatabaseTask.Reconciling, DatabaseTask.PersonalData)),
            Add = Refunds,
            Change = Any(Refunds, Does(DatabaseTask.Reconciling)),
        },
        new("order_deliveries") { Read = Shipped, Add = OwnOrder },
        TableRule.For("data_keys", Does(DatabaseTask.Sealing)),
        TableRule.For("development_movements", Does(DatabaseTask.Payments)),
        TableRule.OpenFor("outbox_messages", "What is still to be done, by the ids of orders: nothing of anybody's. Whoever changes an order adds and removes one."),
        TableRule.AuditTrail,
        TableRule.WaitingAudit(Any(Has(Scope.OrdersWrite), Refunds, Does(DatabaseTask.Reconciling, DatabaseTask.PersonalData))),
    ];

    public static IReadOnlyList<OwnerView> Views { get; } =
    [
        new("own_sales", "select order_id from orders.order_lines where seller_id = (select nullif(current_setting('shop.subject', true), ''))"),
    ];
}
