using Microsoft.EntityFrameworkCore.Infrastructure;

namespace SecureShop.Identity.Accounts;

internal static class AccountLookup
{
    /// <summary>
    /// The account of an e-mail address, in whatever spelling. Two accounts from before addresses were normalised may be one
    /// address today; the one that kept its own spelling is found by that spelling alone, so that neither gets the other.
    /// </summary>
    public static Task<ShopUser?> FindAccountAsync(this IdentityDbContext database, string email, CancellationToken cancellationToken)
    {
        var hash = database.GetService<LookupHash>();
        var (normalized, spelling) = (hash.Of(FormsOf(email)[0]), hash.Of(FormsOf(email)[1]));
        return database.Users.Where(user => user.NormalizedEmail == normalized || user.NormalizedEmail == spelling)
            .OrderByDescending(user => user.NormalizedEmail == spelling)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>What an account is found by: the address in its one form, or its own spelling.</summary>
    public static string[] FormsOf(string email) => [EmailAddress.Normalize(email), email.ToUpperInvariant()];
}

/// <summary>What ASP.NET Core Identity keeps and finds accounts by: a keyed hash of the address in its one form. By a name it finds roles alone.</summary>
internal sealed class EmailNormalizer(LookupHash hash) : ILookupNormalizer
{
    public string? NormalizeEmail(string? email) => email is null ? null : hash.Of(EmailAddress.Normalize(email));

    public string? NormalizeName(string? name) => name?.ToUpperInvariant();
}
