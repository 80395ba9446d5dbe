using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>Random handles for clients, and the hashes of them for stores.</summary>
internal static class Handles
{
    /// <summary>256 random bits: cannot be guessed.</summary>
    public static string Create() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>The kind goes into the hash, so that a code can never be looked up as a refresh token.</summary>
    public static string Hash(string type, string handle) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}:{handle}")));
}
