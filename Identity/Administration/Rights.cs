namespace SecureShop.Identity.Administration;

/// <summary>Who may administer, where rights are changed.</summary>
internal static class Rights
{
    // The number only has to be ours.
    private const long Lock = 0x5EED_0AD1;

    /// <summary>Until the transaction ends nobody else changes rights: of two administrators who remove each other at once, one stays.</summary>
    public static Task LockRightsAsync(this IdentityDbContext database, CancellationToken cancellationToken)
        => database.LockAsync(Lock, cancellationToken);

    /// <summary>The administrators whose accounts are open.</summary>
    public static IQueryable<ShopUser> Admins(this IdentityDbContext database)
        => from user in database.Users
           where user.LockoutEnd == null || user.LockoutEnd < DateTimeOffset.MaxValue
           where database.UserRoles.Any(held => held.UserId == user.Id && database.Roles.Any(role => role.Id == held.RoleId && role.Name == Role.Admin))
           select user;
}
