using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.StandIns.AspireDashboard.Access;

/// <summary>Tokens and keys: made by chance, compared in the same time wherever they differ.</summary>
internal static class Secrets
{
    private const int Bytes = 32;
    private const int ShortestGiven = 16;

    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Compares hashes, so that the time tells neither the place nor the length of what differs.</summary>
    public static bool Same(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Hash(given), Hash(expected));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static void ThrowIfWeak(string? given, string name)
    {
        if (given is { Length: < ShortestGiven })
            throw new ArgumentException($"{name} has less than {ShortestGiven} characters, so it could be guessed. Give a longer one, or none.", name);
    }
}
