using System.Security.Cryptography;

namespace SecureShop.Testing;

/// <summary>Keys that a service has to be given, new in each test process.</summary>
public static class TestKeys
{
    /// <summary>Signs the audit trails of the services under test: base64 of PKCS#8.</summary>
    public static string Audit { get; } = NewPrivate();

    /// <summary>The public part of a private key, base64 of SubjectPublicKeyInfo.</summary>
    public static string PublicPartOf(string privateKey)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>A new P-256 key, base64 of PKCS#8.</summary>
    public static string NewPrivate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportPkcs8PrivateKey());
    }
}
