using System.Security.Cryptography;
using System.Text;

namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>The hash for shared secrets, which are random and long, so that a plain hash is enough.</summary>
public static class HashExtensions
{
    /// <summary>Base64 of SHA-256 of the text; empty for nothing.</summary>
    public static string Sha256(this string input) =>
        string.IsNullOrWhiteSpace(input) ? string.Empty : Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(input)));
}
