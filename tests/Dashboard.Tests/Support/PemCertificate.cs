using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>A certificate for loopback as PEM files, as AppHost hands one over; made once a run.</summary>
internal static class PemCertificate
{
    static PemCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        Trusted = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));

        var folder = Directory.CreateTempSubdirectory("dashboard-tests-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        CertificatePath = Path.Combine(folder.FullName, "leaf.pem");
        KeyPath = Path.Combine(folder.FullName, "leaf.key");
        File.WriteAllText(CertificatePath, Trusted.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public static X509Certificate2 Trusted { get; }

    public static string CertificatePath { get; }

    public static string KeyPath { get; }

    public static X509ChainPolicy Policy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { Trusted },
    };

    /// <summary>Trusts this certificate and nothing else; follows nothing and keeps nothing.</summary>
    public static HttpClient Client(Uri address) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,

            // A test that sends too much asks first: a refusal while it still sends would sometimes break the connection.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(15),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Policy() },
        },
        disposeHandler: true)
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };
}
