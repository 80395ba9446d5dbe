namespace SecureShop.ServiceDefaults;

/// <summary>The scopes a client may be granted. They are compared whole: <c>catalog.read</c> is not a prefix of anything.</summary>
public static class Scope
{
    /// <summary>Read products, including one's own private fields.</summary>
    public const string CatalogRead = "catalog.read";

    /// <summary>Create and change products.</summary>
    public const string CatalogWrite = "catalog.write";

    /// <summary>Take stock for an order and give it back. Only services hold it.</summary>
    public const string CatalogReserve = "catalog.reserve";

    /// <summary>Read orders.</summary>
    public const string OrdersRead = "orders.read";

    /// <summary>Place and cancel orders.</summary>
    public const string OrdersWrite = "orders.write";

    /// <summary>Refund orders.</summary>
    public const string OrdersRefund = "orders.refund";

    /// <summary>See and handle the orders of everyone.</summary>
    public const string OrdersAdmin = "orders.admin";

    /// <summary>Manage one's own account.</summary>
    public const string Account = "account";

    /// <summary>Every scope of the shop's own APIs.</summary>
    public static IReadOnlyList<string> All { get; } =
        [CatalogRead, CatalogWrite, CatalogReserve, OrdersRead, OrdersWrite, OrdersRefund, OrdersAdmin, Account];
}
