namespace SecureShop.ServiceDefaults.Access;

/// <summary>The roles a token may carry. A caller without a token is a guest and has none.</summary>
public static class Role
{
    /// <summary>Someone who buys. Every registered user is one.</summary>
    public const string Customer = "customer";

    /// <summary>Someone who offers products.</summary>
    public const string Seller = "seller";

    /// <summary>Someone who helps customers: sees orders, gives refunds.</summary>
    public const string Support = "support";

    /// <summary>Someone who runs the shop.</summary>
    public const string Admin = "admin";

    /// <summary>Every role, from the least to the most powerful.</summary>
    public static IReadOnlyList<string> All { get; } = [Customer, Seller, Support, Admin];
}
