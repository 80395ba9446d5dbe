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
