using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Identity.Keys;

/// <summary>
/// The secret outside the database under which the key ring is sealed, so that a dump of the database alone signs no token and
/// reads no cookie.
/// </summary>
internal sealed class MasterKey
{
    public const string Setting = "Identity:MasterKey";
    public const int MinLength = 32;

    private readonly byte[] key;

    public MasterKey(string? secret)
    {
        if (secret is null || secret.Length < MinLength)
        {
            throw new InvalidOperationException(
                $"{Setting} is missing or shorter than {MinLength} characters. Set it to a random string, for example the output "
                + "of 'openssl rand -base64 48', the same for every replica, and keep it: without it the stored keys cannot be read.");
        }

        var material = Encoding.UTF8.GetBytes(secret);
        key = Derive(material, "secureshop/identity/key-ring/seal/v1", 32);
        Id = Convert.ToHexStringLower(Derive(material, "secureshop/identity/key-ring/id/v1", 8));
        CryptographicOperations.ZeroMemory(material);
    }

    /// <summary>Names the key without revealing it, so that a wrong one is told from a broken ring.</summary>
    public string Id { get; }

    public AesGcm Cipher() => new(key, AesGcm.TagByteSizes.MaxSize);

    private static byte[] Derive(byte[] material, string purpose, int length)
        => HKDF.DeriveKey(HashAlgorithmName.SHA256, material, length, info: Encoding.UTF8.GetBytes(purpose));
}
