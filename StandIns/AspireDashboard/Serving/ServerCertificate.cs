using System.Security.Cryptography.X509Certificates;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>The certificate to serve with, from PEM files.</summary>
internal static class ServerCertificate
{
    public static X509Certificate2 Load(string certificatePath, string keyPath)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        if (!OperatingSystem.IsWindows())
            return certificate;

        // Windows cannot serve TLS with a key that is only in memory.
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
