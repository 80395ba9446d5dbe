using System.Runtime.CompilerServices;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// Every endpoint of the APIs, and who may call it: the one place where that is written. docs/access.md is made from it. What proves its
/// callers by other means (Identity's pages, health, documents) keeps its rule where it is mapped.
/// </summary>
public static class AccessTable
{
    // First, because each row puts itself here: none can be left out.
    private static readonly List<AccessRow> Rows = [];

    private static readonly AccessRule ReadCatalog = AccessRule.ForScope(Scope.CatalogRead).OrGuests();
    private static readonly AccessRule WriteCatalog = AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin);
    private static readonly AccessRule ReserveStock = AccessRule.ForScope(Scope.CatalogReserve);
    private static readonly AccessRule ReadOrders = AccessRule.ForScope(Scope.OrdersRead);
    private static readonly AccessRule WriteOrders = AccessRule.ForScope(Scope.OrdersWrite).WithRoles(Role.Customer);
    private static readonly AccessRule AllOrders = AccessRule.ForScope(Scope.OrdersAdmin).WithRoles(Role.Support, Role.Admin);
    private static readonly AccessRule SellOrders = AccessRule.ForScope(Scope.OrdersWrite).WithRoles(Role.Seller);
    private static readonly AccessRule RunOrders = AccessRule.ForScope(Scope.OrdersAdmin).WithRoles(Role.Admin);

    // Money leaves the shop: whoever finds a screen unlocked, or has a token, does not have the second factor.
    private static readonly AccessRule RefundOrders = AccessRule.ForScope(Scope.OrdersRefund).WithRoles(Role.Support, Role.Admin)
        .WithStepUp(Acr.MultiFactor, TimeSpan.FromMinutes(5));

    private static readonly AccessRule AnswerParts = AccessRule.ForScope(Scope.PersonalAnswer);

    private static readonly Ownership OwnProduct = Ownership.Of(Owner.Seller).OrRoles(Role.Admin);
    private static readonly Ownership OwnOrder = Ownership.Of(Owner.Customer);
    private static readonly Ownership OwnLines = Ownership.Of(Owner.LineSeller);
    private static readonly Ownership OwnOrderOrStaff = OwnOrder.OrRolesWithScope(Scope.OrdersAdmin, Role.Support, Role.Admin);

    /// <summary>Products, as everybody sees them, or the caller's own.</summary>
    public static AccessRow ListProducts { get; } = Catalog("GET", "/products", ReadCatalog);

    /// <summary>One product: a draft, and private fields, for its owner alone.</summary>
    public static AccessRow GetProduct { get; } = Catalog("GET", "/products/{id:guid}", ReadCatalog.WithOwnership(OwnProduct.OfPrivatePart()));

    /// <summary>A new product, which is its maker's.</summary>
    public static AccessRow CreateProduct { get; } = Catalog("POST", "/products", WriteCatalog);

    /// <summary>Another description.</summary>
    public static AccessRow ReplaceProduct { get; } = Catalog("PUT", "/products/{id:guid}", WriteCatalog.WithOwnership(OwnProduct));

    /// <summary>How many there are: when that changed last for its owner alone.</summary>
    public static AccessRow GetStock { get; } = Catalog("GET", "/products/{id:guid}/stock", ReadCatalog.WithOwnership(OwnProduct.OfPrivatePart()));

    /// <summary>What a count has found.</summary>
    public static AccessRow SetStock { get; } = Catalog("PUT", "/products/{id:guid}/stock", WriteCatalog.WithOwnership(OwnProduct));

    /// <summary>An end of it.</summary>
    public static AccessRow DeleteProduct { get; } = Catalog("DELETE", "/products/{id:guid}", WriteCatalog.WithOwnership(OwnProduct));

    /// <summary>The shelves.</summary>
    public static AccessRow ListCategories { get; } = Catalog("GET", "/categories", ReadCatalog);

    /// <summary>What the caller has sold: nobody names a seller there.</summary>
    public static AccessRow ListSales { get; } = Catalog("GET", "/sales", AccessRule.ForScope(Scope.CatalogRead).WithRoles(Role.Seller, Role.Admin));

    /// <summary>Stock for an order; no user's token holds the scope.</summary>
    public static AccessRow TakeStock { get; } = Catalog("PUT", "/reservations/{orderId:guid}", ReserveStock, isPublic: false);

    /// <summary>Stock that is paid for.</summary>
    public static AccessRow ConfirmStock { get; } = Catalog("PUT", "/reservations/{orderId:guid}/confirmed", ReserveStock, isPublic: false);

    /// <summary>Stock back.</summary>
    public static AccessRow ReleaseStock { get; } = Catalog("DELETE", "/reservations/{orderId:guid}", ReserveStock, isPublic: false);

    /// <summary>A new order, which is its maker's.</summary>
    public static AccessRow PlaceOrder { get; } = Orders("POST", "/", WriteOrders);

    /// <summary>The caller's own orders.</summary>
    public static AccessRow ListMyOrders { get; } = Orders("GET", "/", ReadOrders.WithOwnership(OwnOrder));

    /// <summary>Everybody's orders.</summary>
    public static AccessRow ListAllOrders { get; } = Orders("GET", "/all", AllOrders);

    /// <summary>One order.</summary>
    public static AccessRow GetOrder { get; } = Orders("GET", "/{id:guid}", ReadOrders.WithOwnership(OwnOrderOrStaff));

    /// <summary>An order that is not wanted any more.</summary>
    public static AccessRow CancelOrder { get; } = Orders("POST", "/{id:guid}/cancel", WriteOrders.WithOwnership(OwnOrder));

    /// <summary>Where an order is sent.</summary>
    public static AccessRow GetDelivery { get; } = Orders("GET", "/{id:guid}/delivery", ReadOrders.WithOwnership(OwnOrderOrStaff));

    /// <summary>What a seller writes on the parcel.</summary>
    public static AccessRow GetShippingLabel { get; } = Orders("GET", "/{id:guid}/shipping-label", ReadOrders.WithRoles(Role.Seller).WithOwnership(OwnLines));

    /// <summary>The orders with lines that the caller sold: those lines alone.</summary>
    public static AccessRow ListSoldOrders { get; } = Orders("GET", "/sales", ReadOrders.WithRoles(Role.Seller).WithOwnership(OwnLines));

    /// <summary>The caller's lines are on their way.</summary>
    public static AccessRow ShipOrder { get; } = Orders("POST", "/{id:guid}/ship", SellOrders.WithOwnership(OwnLines));

    /// <summary>The caller's lines have arrived.</summary>
    public static AccessRow DeliverOrder { get; } = Orders("POST", "/{id:guid}/deliver", SellOrders.WithOwnership(OwnLines));

    /// <summary>Money back. How much, the amount decides and who asks.</summary>
    public static AccessRow RefundOrder { get; } = Orders("POST", "/{id:guid}/refunds", RefundOrders);

    /// <summary>What nobody could carry out.</summary>
    public static AccessRow ListParkedMessages { get; } = Orders("GET", "/parked", RunOrders);

    /// <summary>One of these, once more.</summary>
    public static AccessRow RetryParkedMessage { get; } = Orders("POST", "/parked/{id:guid}/retry", RunOrders);

    /// <summary>What the payment provider says.</summary>
    public static AccessRow ReceivePaymentNotice { get; } = Orders("POST", "/payments/notices", AccessRule.Anyone("the payment provider signs each notice").ProvenBy("webhook-signature"));

    /// <summary>What people have asked for of the data that the calling service keeps: its own parts alone.</summary>
    public static AccessRow ListPersonalParts { get; } = Identity("GET", "/personal-parts", AnswerParts);

    /// <summary>The answer to one of these.</summary>
    public static AccessRow AnswerPersonalPart { get; } = Identity("PUT", "/personal-parts/{id:guid}", AnswerParts);

    /// <summary>All rows, in the order in which they are written above.</summary>
    public static IReadOnlyList<AccessRow> All => Rows;

    /// <summary>The rows of one service.</summary>
    public static IReadOnlyList<AccessRow> Of(string service) => [.. Rows.Where(row => row.Service == service)];

    private static AccessRow Catalog(string method, string path, AccessRule rule, bool isPublic = true, [CallerMemberName] string name = "")
        => Add(new(name, "catalog", method, path, rule) { IsPublic = isPublic });

    private static AccessRow Orders(string method, string path, AccessRule rule, bool isPublic = true, [CallerMemberName] string name = "")
        => Add(new(name, "orders", method, path, rule) { IsPublic = isPublic });

    // People come to Identity with a session, services with a token and nothing else. Nothing of it is for the gateway.
    private static AccessRow Identity(string method, string path, AccessRule rule, [CallerMemberName] string name = "")
        => Add(new(name, "identity", method, path, rule) { IsPublic = false, Scheme = "Bearer" });

    private static AccessRow Add(AccessRow row)
    {
        Rows.Add(row);
        return row;
    }
}
