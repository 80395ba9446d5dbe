namespace SecureShop.Identity.Tokens;

/// <summary>A scope, and how people are told what it allows.</summary>
/// <param name="Name">As it stands in tokens.</param>
/// <param name="Title">What a client that has it may do; begins with a verb.</param>
/// <param name="Api">The API that it is for (its audience), or null where it is for the token server alone.</param>
internal sealed record ShopScope(string Name, string Title, string? Api);

/// <summary>The scopes, the APIs that they are for, and who may be granted them at all.</summary>
internal static class ShopScopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string OfflineAccess = "offline_access";

    private const string ResourcePrefix = "urn:secureshop:api:";
    private const string Catalog = "catalog";
    private const string Orders = "orders";

    public static IReadOnlyList<ShopScope> All { get; } =
    [
        new(OpenId, "Know that you are you", null),
        new(Profile, "See your name", null),
        new(Email, "See your e-mail address", null),
        new(OfflineAccess, "Do so while you are away, until you sign out", null),
        new(Scope.CatalogRead, "Read the catalog", Catalog),
        new(Scope.CatalogWrite, "Change your products", Catalog),
        new(Scope.CatalogReserve, "Reserve stock for orders", Catalog),
        new(Scope.OrdersRead, "Read your orders", Orders),
        new(Scope.OrdersWrite, "Place and cancel orders for you", Orders),
        new(Scope.OrdersRefund, "Refund orders", Orders),
        new(Scope.OrdersAdmin, "Handle everyone's orders", Orders),
    ];

    /// <summary>The APIs: the audiences of access tokens (RFC 9068), and what a client may name as a resource (RFC 8707).</summary>
    public static IReadOnlyList<string> Apis { get; } = [Catalog, Orders];

    private static readonly Dictionary<string, ShopScope> ByName = All.ToDictionary(scope => scope.Name, StringComparer.Ordinal);

    // Scopes that a role never uses are not granted to it: a stolen token of a customer cannot even ask for a refund.
    private static readonly Dictionary<string, string[]> Roles = new(StringComparer.Ordinal)
    {
        [Scope.CatalogRead] = [Role.Customer, Role.Seller, Role.Support, Role.Admin],
        [Scope.CatalogWrite] = [Role.Seller, Role.Admin],
        [Scope.OrdersRead] = [Role.Customer, Role.Seller, Role.Support, Role.Admin],
        [Scope.OrdersWrite] = [Role.Customer, Role.Seller, Role.Support, Role.Admin],
        [Scope.OrdersRefund] = [Role.Support, Role.Admin],
        [Scope.OrdersAdmin] = [Role.Support, Role.Admin],
    };

    /// <summary>How a client names an API as the resource that it wants a token for (RFC 8707): a URI; the token's audience is the API's own name.</summary>
    public static string ResourceOf(string api) => ResourcePrefix + api;

    /// <summary>The API that a resource indicator names, or null.</summary>
    public static string? ApiOf(string resource)
        => resource.StartsWith(ResourcePrefix, StringComparison.Ordinal) && Apis.Contains(resource[ResourcePrefix.Length..], StringComparer.Ordinal)
            ? resource[ResourcePrefix.Length..] : null;

    public static ShopScope? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The APIs that <paramref name="scopes"/> are for.</summary>
    public static IReadOnlyList<string> ApisOf(IEnumerable<string> scopes)
        => [.. scopes.Select(scope => Find(scope)?.Api).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Of <paramref name="scopes"/> those that somebody with <paramref name="roles"/> may grant. A scope without roles above is for nobody.</summary>
    public static IReadOnlyList<string> GrantableBy(IReadOnlyList<string> roles, IEnumerable<string> scopes)
        => [.. scopes.Where(scope => Find(scope) is { } known
            && (known.Api is null || (Roles.TryGetValue(scope, out var some) && some.Intersect(roles, StringComparer.Ordinal).Any())))];
}
