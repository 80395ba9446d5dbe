using System.Security.Cryptography;

namespace SecureShop.Deployment;

/// <summary>A master key, which wraps the keys that personal data is sealed by, or the key that sealed values are found by.</summary>
internal static class SealingKey
{
    private const int Bytes = 32;

    /// <summary>Base64 of 256 random bits.</summary>
    public static string Generate() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
}
