namespace SecureShop.Identity.Accounts;

/// <summary>
/// Normalises a password before it is hashed (NIST SP 800-63B, 3.1.1.2): the same characters typed on another keyboard are the same
/// password. A hash from before still verifies as it was typed then, and is renewed at that sign-in.
/// </summary>
internal sealed class NormalizingPasswordHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<ShopUser>(options)
{
    public override string HashPassword(ShopUser user, string password) => base.HashPassword(user, NormalizedText.Compatible(password));

    public override PasswordVerificationResult VerifyHashedPassword(ShopUser user, string hashedPassword, string providedPassword)
    {
        var normalized = NormalizedText.Compatible(providedPassword);
        var result = base.VerifyHashedPassword(user, hashedPassword, normalized);
        if (result != PasswordVerificationResult.Failed || normalized == providedPassword)
            return result;

        // The second hash is computed whoever is asked about, so its time tells of the password typed and not of the account.
        return base.VerifyHashedPassword(user, hashedPassword, providedPassword) == PasswordVerificationResult.Failed
            ? PasswordVerificationResult.Failed
            : PasswordVerificationResult.SuccessRehashNeeded;
    }
}
