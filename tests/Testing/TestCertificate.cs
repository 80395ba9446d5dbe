using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureShop.EmbeddedServers;

namespace SecureShop.Testing;

/// <summary>A certificate for localhost that lives as long as the test process, and clients that trust it and nothing else.</summary>
public static class TestCertificate
{
    /// <summary>The certificate with its key.</summary>
    public static X509Certificate2 Leaf { get; } = Make();

    /// <summary>The certificate as a PEM file, for <c>Services:TrustedRoots</c>.</summary>
    public static string RootFile { get; } = Write();

    /// <summary>The certificate and its key as PEM files, for a server that reads such.</summary>
    public static CertificateFiles Files { get; } = new(RootFile, WriteKey());

    /// <summary>A client for <paramref name="address"/> that follows no redirects and keeps no cookies.</summary>
    public static HttpClient Client(Uri address) => new(Handler(), disposeHandler: true)
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The handler behind <see cref="Client"/>.</summary>
    public static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,

        // As a caller from outside: what this process itself records has no say in what the server does.
        ActivityHeadersPropagator = null,

        // A test that sends too much asks first: a refusal while it still sends would sometimes break the connection.
        Expect100ContinueTimeout = TimeSpan.FromSeconds(15),
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { Leaf },
            },
        },
    };

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");

        // For tests that claim a name which the server does not answer to.
        names.AddDnsName("evil.example");
        names.AddDnsName("localhost.evil.example");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));

        // Through PKCS#12, because Windows cannot serve TLS with an ephemeral key.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), password: null, X509KeyStorageFlags.Exportable);
    }

    private static string WriteKey()
    {
        using var key = Leaf.GetECDsaPrivateKey();
        var file = Path.ChangeExtension(RootFile, ".key");
        PrivateFiles.Write(file, key!.ExportPkcs8PrivateKeyPem());
        return file;
    }

    private static string Write()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("secureshop-test-").FullName, "root.pem");
        File.WriteAllText(file, Leaf.ExportCertificatePem());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return file;
    }
}
