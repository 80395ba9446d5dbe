using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.EmbeddedServers.Tests;

/// <summary>A certificate for a host that a server on loopback is not.</summary>
internal static class OtherCertificate
{
    public static CertificateFiles Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=other.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("other.example");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        PrivateFiles.CreateFolder(folder);
        var files = new CertificateFiles(Path.Combine(folder, "other.pem"), Path.Combine(folder, "other.key"));
        PrivateFiles.Write(files.CertificatePath, certificate.ExportCertificatePem());
        PrivateFiles.Write(files.KeyPath, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
