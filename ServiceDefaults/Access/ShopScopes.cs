using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// A scope: what a client that has it may do, in words for people that begin with a verb; the API that it is for (its audience), none where
/// it is for the token server alone; and the roles that may grant it.
/// </summary>
public sealed record ShopScope(string Name, string Title, string? Api = null, params IReadOnlyList<string> Roles);

/// <summary>The scopes, the APIs that they are for, and who may be granted them at all.</summary>
public static class ShopScopes
{
    /// <summary>That there is an ID token (OpenID Connect Core 3.1.2.1).</summary>
    public const string OpenId = "openid";

    /// <summary>The person's name (OpenID Connect Core 5.4).</summary>
    public const string Profile = "profile";

    /// <summary>The person's e-mail address (OpenID Connect Core 5.4).</summary>
    public const string Email = "email";

    /// <summary>That there is a refresh token (OpenID Connect Core 11).</summary>
    public const string OfflineAccess = "offline_access";

    private const string Catalog = "catalog";
    private const string Orders = "orders";
    private const string Identity = "identity";

    /// <summary>All of them. Those that a role never uses are not granted to it: a stolen token of a customer cannot even ask for a refund.</summary>
    public static IReadOnlyList<ShopScope> All { get; } =
    [
        new(OpenId, "Know that you are you"),
        new(Profile, "See your name"),
        new(Email, "See your e-mail address"),
        new(OfflineAccess, "Do so while you are away, until you sign out"),
        new(Scope.CatalogRead, "Read the catalog", Catalog, Role.Customer, Role.Seller, Role.Support, Role.Admin),
        new(Scope.CatalogWrite, "Change your products", Catalog, Role.Seller, Role.Admin),
        new(Scope.CatalogReserve, "Reserve stock for orders", Catalog),
        new(Scope.OrdersRead, "Read your orders", Orders, Role.Customer, Role.Seller, Role.Support, Role.Admin),
        new(Scope.OrdersWrite, "Place and cancel orders for you", Orders, Role.Customer, Role.Seller, Role.Support, Role.Admin),
        new(Scope.OrdersRefund, "Refund orders", Orders, Role.Support, Role.Admin),
        new(Scope.OrdersAdmin, "Handle everyone's orders", Orders, Role.Support, Role.Admin),
        new(Scope.PersonalAnswer, "Answer what people ask for of their data", Identity),
    ];

    /// <summary>The APIs: the audiences of access tokens (RFC 9068), and what a client may name as a resource (RFC 8707).</summary>
    public static IReadOnlyList<string> Apis { get; } = [Catalog, Orders, Identity];

    /// <summary>Those of services alone, which no role may grant: nothing that a person's client could ask for, and nothing to tell the world of.</summary>
    public static IReadOnlyList<string> OfServices { get; } = [.. All.Where(scope => scope.Api is not null && scope.Roles.Count == 0).Select(scope => scope.Name)];

    /// <summary>What an API key may be for at all. What support and administrators do asks for a second factor, and a key is none.</summary>
    public static IReadOnlyList<string> OfApiKeys { get; } = [Scope.CatalogRead, Scope.CatalogWrite, Scope.OrdersRead, Scope.OrdersWrite];

    private static readonly Dictionary<string, ShopScope> ByName = All.ToDictionary(scope => scope.Name, StringComparer.Ordinal);

    /// <summary>
    /// How a client names an API as the resource that it wants a token for (RFC 8707): by its address, which is what the API's metadata says
    /// (RFC 9728). The token's audience is the API's own name.
    /// </summary>
    public static string ResourceOf(string shopOrigin, string api) => shopOrigin + ProtectedApi.Path(api);

    /// <summary>The API that a resource names which was compared with those of <see cref="ResourceOf"/> before, as a whole; null for a name of another kind.</summary>
    public static string? ApiOf(string resource) => Apis.FirstOrDefault(api => resource.EndsWith(ProtectedApi.Path(api), StringComparison.Ordinal));

    /// <summary>The scope of that name, or null.</summary>
    public static ShopScope? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The APIs that <paramref name="scopes"/> are for.</summary>
    public static IReadOnlyList<string> ApisOf(IEnumerable<string> scopes)
        => [.. scopes.Select(scope => Find(scope)?.Api).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Of <paramref name="scopes"/> those that are for one of <paramref name="apis"/> or for none (RFC 8707, 2).</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<string> apis, IEnumerable<string> scopes)
        => [.. scopes.Where(scope => Find(scope) is { } known && (known.Api is null || apis.Contains(known.Api, StringComparer.Ordinal)))];

    /// <summary>Of <paramref name="scopes"/> those that somebody with <paramref name="roles"/> may grant. A scope of an API without roles is for nobody.</summary>
    public static IReadOnlyList<string> GrantableBy(IReadOnlyList<string> roles, IEnumerable<string> scopes)
        => [.. scopes.Where(scope => Find(scope) is { } known && (known.Api is null || known.Roles.Intersect(roles, StringComparer.Ordinal).Any()))];
}
