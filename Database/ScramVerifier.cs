using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Database;

/// <summary>
/// What Postgres stores of a password (RFC 5803, SCRAM-SHA-256). It is made here, so that the password itself never
/// travels in a statement, where the server's log or <c>pg_stat_activity</c> would show it.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    /// <summary>Makes the verifier of <paramref name="password"/> with a new salt.</summary>
    /// <exception cref="ArgumentException">The password is short, or holds characters that clients prepare in different ways.</exception>
    public static string Create(string password) => Create(password, RandomNumberGenerator.GetBytes(SaltLength));

    internal static string Create(string password, byte[] salt)
    {
        if (password.Length < 16 || !password.All(character => character is > ' ' and <= '~'))
            throw new ArgumentException("It must be at least 16 printable ASCII characters.", nameof(password));

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
