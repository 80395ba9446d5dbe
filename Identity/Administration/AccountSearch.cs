namespace SecureShop.Identity.Administration;

/// <summary>An account as administrators see it.</summary>
internal sealed record AccountSummary(ShopUser User, IReadOnlyList<string> Roles);

/// <summary>Finds an account by its id or its whole address: who they are is sealed, and a part of an address finds nobody.</summary>
internal sealed class AccountSearch(IdentityDbContext database)
{
    public async Task<AccountSummary?> FindAsync(string text, CancellationToken cancellationToken)
        => Guid.TryParse(text, out var id) ? await FindAsync(id, cancellationToken)
            : await database.FindAccountAsync(text, cancellationToken) is { } user ? await FindAsync(user.Id, cancellationToken) : null;

    public Task<AccountSummary?> FindAsync(Guid id, CancellationToken cancellationToken)
        => (from user in database.Users.AsNoTracking()
            where user.Id == id && user.NormalizedEmail != null
            select new AccountSummary(
                user,
                (from held in database.UserRoles
                 join role in database.Roles on held.RoleId equals role.Id
                 where held.UserId == user.Id
                 select role.Name!).ToList())).SingleOrDefaultAsync(cancellationToken);
}
