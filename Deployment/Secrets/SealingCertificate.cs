using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.Deployment;

/// <summary>A certificate that seals and opens keys, and that nobody has to trust: only its RSA key counts.</summary>
internal static class SealingCertificate
{
    private const int Bits = 3072;

    /// <summary>Base64 of a PKCS#12 file without a password.</summary>
    public static string Generate()
    {
        using var key = RSA.Create(Bits);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=SecureShop key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now, now.AddYears(10));
        return Convert.ToBase64String(certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password: null));
    }
}
