using Microsoft.AspNetCore.Identity;

namespace SecureShop.Identity.Data;

/// <summary>A person with an account; the id is the subject of their tokens.</summary>
public sealed class ShopUser : IdentityUser<Guid>
{
    /// <summary>What the person is called on pages and in the <c>name</c> claim.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>When the account was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A role that an account can hold.</summary>
public sealed class ShopRole : IdentityRole<Guid>;
