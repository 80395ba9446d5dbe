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
    public static X509Certificate2 Leaf { get; } = Make(
        "localhost",

        // For tests that claim a name which the server does not answer to.
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1",
        "::1");

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

    /// <summary>The handler behind <see cref="Client"/>; it trusts <paramref name="trusted"/> where that is named.</summary>
    public static SocketsHttpHandler Handler(X509Certificate2? trusted = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,

        // As a caller from outside: what this process itself records has no say in what the server does.
        ActivityHeadersPropagator = null,

        // A test that sends too much asks first: a refusal while it still sends would sometimes break the connection.
        Expect100ContinueTimeout = TimeSpan.FromSeconds(15),
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(trusted ?? Leaf) },
    };

    /// <summary>What trusts <paramref name="certificate"/> and nothing else.</summary>
    public static X509ChainPolicy TrustOnly(X509Certificate2 certificate) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { certificate },
    };

    /// <summary>A certificate, signed by itself, for these names and addresses.</summary>
    public static X509Certificate2 Make(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
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
