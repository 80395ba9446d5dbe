using System.Security.Cryptography;

namespace SecureShop.Deployment;

/// <summary>The P-256 key by which a client signs its assertions (private_key_jwt).</summary>
internal static class ClientKey
{
    /// <summary>Base64 PKCS#8.</summary>
    public static string Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportPkcs8PrivateKey());
    }

    /// <summary>Base64 SubjectPublicKeyInfo.</summary>
    public static string PublicPartOf(string privateKey)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
