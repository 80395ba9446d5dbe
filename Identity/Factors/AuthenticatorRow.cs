namespace SecureShop.Identity.Factors;

/// <summary>The authenticator app of an account (RFC 6238).</summary>
[PrimaryKey(nameof(UserId))]
[Index(nameof(SealedAt))]
internal sealed class AuthenticatorRow
{
    public Guid UserId { get; set; }

    /// <summary>The key that the app has too, sealed by the key ring: a dump of the database makes no codes.</summary>
    public required byte[] SealedKey { get; set; }

    /// <summary>When it was sealed last; <see cref="FactorUpkeep"/> seals it anew before the ring forgets how to open it.</summary>
    public DateTimeOffset SealedAt { get; set; }

    public DateTimeOffset AddedAt { get; set; }

    /// <summary>The time step of the last code that was accepted: each code is good once.</summary>
    public long LastStep { get; set; }
}

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
