using System.Security.Cryptography;

namespace SecureShop.Testing;

/// <summary>Keys of clients, as the settings have them: Base64 of PKCS#8 (RFC 5958).</summary>
public static class ClientKeys
{
    /// <summary>A private key for ES256.</summary>
    public static string Private()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportPkcs8PrivateKey());
    }
}
