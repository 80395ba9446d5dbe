using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.Identity.Tests.Support;

/// <summary>Certificates for the key ring, as the setting wants them, and as it does not.</summary>
public static class KeyRingCertificate
{
    public static string Make(int bits = 3072, string? password = null, bool withKey = true)
    {
        using var key = RSA.Create(bits);
        return Sign(new CertificateRequest("CN=key-ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), password, withKey);
    }

    public static string MakeOfAnotherKind()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest("CN=key-ring", key, HashAlgorithmName.SHA256), password: null, withKey: true);
    }

    // Long past, because the dates are not looked at.
    private static string Sign(CertificateRequest request, string? password, bool withKey)
    {
        using var certificate = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var alone = X509CertificateLoader.LoadCertificate(certificate.RawData);
        return Convert.ToBase64String((withKey ? certificate : alone).Export(X509ContentType.Pkcs12, password));
    }
}
