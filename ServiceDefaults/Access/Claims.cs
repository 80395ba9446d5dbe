using System.Security.Claims;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>Reads the caller from a checked token. Every comparison is of the whole value, case and all.</summary>
public static class ClaimsPrincipalExtensions
{
    /// <summary>The caller's subject id.</summary>
    /// <exception cref="InvalidOperationException">There is none: the endpoint's rule let a guest in, or a token without subject.</exception>
    public static string Subject(this ClaimsPrincipal user)
        => user.SubjectOrNull() ?? throw new InvalidOperationException("The caller has no subject.");

    /// <summary>The caller's subject id, or null for a guest.</summary>
    public static string? SubjectOrNull(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.Identity?.IsAuthenticated != true)
            return null;

        // Two subjects would let a caller choose which one a check sees.
        string? only = null;
        foreach (var claim in user.FindAll("sub"))
        {
            if (only is not null && !string.Equals(only, claim.Value, StringComparison.Ordinal))
                return null;
            only = claim.Value;
        }

        return only is { Length: > 0 } ? only : null;
    }

    /// <summary>Whether the caller holds <paramref name="role"/>.</summary>
    public static bool HasRole(this ClaimsPrincipal user, string role)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity?.IsAuthenticated == true
            && user.HasClaim(claim => claim.Type is "role" && string.Equals(claim.Value, role, StringComparison.Ordinal));
    }

    /// <summary>Whether the caller's token was granted <paramref name="scope"/>.</summary>
    public static bool HasScope(this ClaimsPrincipal user, string scope)
    {
        ArgumentNullException.ThrowIfNull(user);

        if (user.Identity?.IsAuthenticated != true)
            return false;
        foreach (var claim in user.FindAll("scope"))
        {
            // Split, not searched: "catalog.read" must not be found in "catalog.reader".
            var granted = claim.Value.AsSpan();
            foreach (var part in granted.Split(' '))
            {
                if (granted[part].SequenceEqual(scope))
                    return true;
            }
        }

        return false;
    }
}

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

    /// <summary>Answer what people ask Identity for of the data that the service keeps. Only services hold it.</summary>
    public const string PersonalAnswer = "personal.answer";

    /// <summary>Manage one's own account.</summary>
    public const string Account = "account";

    /// <summary>Every scope of the shop's own APIs.</summary>
    public static IReadOnlyList<string> All { get; } =
        [CatalogRead, CatalogWrite, CatalogReserve, OrdersRead, OrdersWrite, OrdersRefund, OrdersAdmin, PersonalAnswer, Account];
}
