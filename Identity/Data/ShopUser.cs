namespace SecureShop.Identity.Data;

/// <summary>A person with an account; the id is the subject of their tokens.</summary>
public sealed class ShopUser : IdentityUser<Guid>
{
    /// <summary>What the person is called on pages and in the <c>name</c> claim.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>
    /// Whether an administrator has closed the account: locked with no end. That ends sessions and tokens. A lock with an end is
    /// what failed attempts leave behind, and anybody can make those: it keeps passwords from being tried, and nothing else.
    /// </summary>
    public bool IsDisabled => IsDisabledBy(LockoutEnd);

    internal static bool IsDisabledBy(DateTimeOffset? lockoutEnd) => lockoutEnd == DateTimeOffset.MaxValue;

    /// <summary>When the account was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A role that an account can hold.</summary>
public sealed class ShopRole : IdentityRole<Guid>;
