namespace SecureShop.Identity.Accounts;

internal static class AccountLookup
{
    /// <summary>
    /// The account of an e-mail address, in whatever spelling. Two accounts from before addresses were normalised may be one
    /// address today; the one that kept its own spelling is found by that spelling alone, so that neither gets the other.
    /// </summary>
    public static Task<ShopUser?> FindAccountAsync(this IdentityDbContext database, string email, CancellationToken cancellationToken)
    {
        var normalized = EmailAddress.Normalize(email);
        var spelling = email.ToUpperInvariant();
        return database.Users.Where(user => user.NormalizedEmail == normalized || user.NormalizedEmail == spelling)
            .OrderByDescending(user => user.NormalizedEmail == spelling)
            .FirstOrDefaultAsync(cancellationToken);
    }
}

/// <summary>The form in which ASP.NET Core Identity keeps and finds accounts; a user is called as the address is.</summary>
internal sealed class EmailNormalizer : ILookupNormalizer
{
    public string? NormalizeEmail(string? email) => email is null ? null : EmailAddress.Normalize(email);

    public string? NormalizeName(string? name) => NormalizeEmail(name);
}
