using Roles = SecureShop.ServiceDefaults.Access.Role;

namespace SecureShop.Database.Seeding;

/// <summary>Someone to try the shop as. The password is made at the first start and never in the repository.</summary>
/// <param name="Name">The part of the e-mail address before the @, and the key of the password.</param>
/// <param name="Id">The subject id, fixed so that seeded products and orders have owners.</param>
/// <param name="Role">The role.</param>
/// <param name="DisplayName">The name that pages show.</param>
public sealed record DemoUser(string Name, string Id, string Role, string DisplayName)
{
    /// <summary>What the user signs in with.</summary>
    public string Email => $"{Name}@secureshop.example";

    /// <summary>Whether the role is not acted in on a password alone, so that the user is made with an authenticator app.</summary>
    public bool HasAuthenticator => Role is Roles.Support or Roles.Admin;
}

/// <summary>What a demo user signs in by.</summary>
/// <param name="Password">The password.</param>
/// <param name="AuthenticatorKey">The key of an authenticator app, in base32; none where the account has no app.</param>
public sealed record DemoSecrets(string Password, string? AuthenticatorKey = null);

/// <summary>The demo users: one or two per role.</summary>
public static class DemoUsers
{
    /// <summary>A customer.</summary>
    public static DemoUser Alice { get; } = new("alice", "019a8f00-0000-7000-8000-00000000a11c", Roles.Customer, "Alice Archer");

    /// <summary>Another customer, who must not see what is Alice's.</summary>
    public static DemoUser Bob { get; } = new("bob", "019a8f00-0000-7000-8000-000000000b0b", Roles.Customer, "Bob Baker");

    /// <summary>A seller.</summary>
    public static DemoUser Sam { get; } = new("sam", "019a8f00-0000-7000-8000-0000000005a3", Roles.Seller, "Sam Sawyer");

    /// <summary>Another seller, who must not change what is Sam's.</summary>
    public static DemoUser Selma { get; } = new("selma", "019a8f00-0000-7000-8000-000000005e1a", Roles.Seller, "Selma Smith");

    /// <summary>Customer support.</summary>
    public static DemoUser Susan { get; } = new("susan", "019a8f00-0000-7000-8000-000000005a5a", Roles.Support, "Susan Steward");

    /// <summary>The administrator.</summary>
    public static DemoUser Adam { get; } = new("adam", "019a8f00-0000-7000-8000-00000000ada3", Roles.Admin, "Adam Abbot");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DemoUser> All { get; } = [Alice, Bob, Sam, Selma, Susan, Adam];
}
