namespace SecureShop.Identity.Factors;

/// <summary>A recovery code: twelve characters that are not mistaken for one another, 60 bits, in groups of four.</summary>
internal static class RecoveryCode
{
    public const int Count = 10;

    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const int Length = 12;
    private const int HashLength = 32;

    // Ten are hashed while somebody waits. With 60 random bits that is as much as a password of people gets from four times as many.
    private const int Rounds = 50_000;

    public static string Make() => string.Join('-', RandomNumberGenerator.GetString(Alphabet, Length).Chunk(4).Select(group => new string(group)));

    /// <summary>Of what was typed, in whatever case and grouping. One salt for all codes of an account, and so one hash for a look at all of them.</summary>
    public static byte[] Hash(ShopUser user, string typed) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.ASCII.GetBytes(string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant()), user.Id.ToByteArray(), Rounds, HashAlgorithmName.SHA512, HashLength);
}

/// <summary>A recovery code that is left: the row goes with the use.</summary>
[PrimaryKey(nameof(UserId), nameof(Hash))]
internal sealed class RecoveryCodeRow
{
    public Guid UserId { get; set; }

    public required byte[] Hash { get; set; }
}
