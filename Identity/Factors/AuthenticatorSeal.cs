namespace SecureShop.Identity.Factors;

/// <summary>Seals what an authenticator app shares with us, for one account: a row that is moved to another opens there no more.</summary>
/// <param name="protection">The key ring; a host that has none (the Database job, where nobody is seeded) seals nothing.</param>
internal sealed class AuthenticatorSeal(IDataProtectionProvider? protection = null)
{
    public byte[] Seal(Guid user, string key) => Protector(user).Protect(Encoding.ASCII.GetBytes(key));

    public string Open(AuthenticatorRow row) => Encoding.ASCII.GetString(Protector(row.UserId).Unprotect(row.SealedKey));

    private IDataProtector Protector(Guid user)
        => (protection ?? throw new InvalidOperationException("There is no key ring, so no authenticator's key can be stored."))
            .CreateProtector("SecureShop.Authenticator", user.ToString());
}
