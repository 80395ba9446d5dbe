using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Identity.Administration;

/// <summary>An account as administrators see it.</summary>
internal sealed record AccountSummary(
    Guid Id, string Email, bool EmailConfirmed, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LockoutEnd, IReadOnlyList<string> Roles,
    string NormalizedEmail)
{
    public bool IsDisabled => LockoutEnd == DateTimeOffset.MaxValue;
}

/// <summary>Finds accounts by how their addresses begin, a page at a time.</summary>
internal sealed class AccountSearch(IdentityDbContext database)
{
    private const int PageSize = 20;

    public async Task<Page<AccountSummary>> FindAsync(string email, string? after, CancellationToken cancellationToken)
    {
        var start = EmailAddress.Normalize(email.Trim());
        var accounts = database.Users.Where(user => user.Email != null && user.NormalizedEmail!.StartsWith(start));
        if (PageCursor.TryDecode(after, 1, out var last))
            accounts = accounts.Where(user => user.NormalizedEmail!.CompareTo(last[0]) > 0);
        var rows = await Summaries(accounts.OrderBy(user => user.NormalizedEmail).Take(PageSize + 1)).ToListAsync(cancellationToken);
        return Page.Of(rows, PageSize, row => PageCursor.Encode(row.NormalizedEmail));
    }

    public Task<AccountSummary?> FindAsync(Guid id, CancellationToken cancellationToken)
        => Summaries(database.Users.Where(user => user.Id == id && user.Email != null)).SingleOrDefaultAsync(cancellationToken);

    private IQueryable<AccountSummary> Summaries(IQueryable<ShopUser> users)
        => from user in users
           select new AccountSummary(
               user.Id, user.Email!, user.EmailConfirmed, user.DisplayName, user.CreatedAt, user.LockoutEnd,
               (from held in database.UserRoles
                join role in database.Roles on held.RoleId equals role.Id
                where held.UserId == user.Id
                select role.Name!).ToList(),
               user.NormalizedEmail!);
}
