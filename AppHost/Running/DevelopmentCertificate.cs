using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>
/// The ASP.NET Core development certificate. Once it is in the user's root store, every .NET program of that user
/// verifies it, this one included, and Aspire hands it to services, dashboard and DCP by itself.
/// </summary>
internal static class DevelopmentCertificate
{
    // The extension by which the SDK, Kestrel and Aspire know it.
    private const string Mark = "1.3.6.1.4.1.311.84.1.1";

    /// <summary>Has the SDK make and trust one, unless that was done. Call it before anything asks Aspire for certificates.</summary>
    /// <exception cref="SetupException">There is none afterwards either.</exception>
    public static async Task EnsureAsync()
    {
        if (Find() is { } present)
        {
            present.Dispose();
            return;
        }

        // Exit code and words are of no use on Linux: "partially trusted" means that OpenSSL's and the browsers' stores
        // may lack it, while .NET's has it. What counts is looked at.
        var words = await RunAsync(DotNetHost.Program, "dev-certs", "https", "--trust");
        using var made = Find() ?? throw new SetupException(
            $"There is no trusted development certificate. Run: dotnet dev-certs https --clean && dotnet dev-certs https --trust ({words.Trim()})");
    }

    /// <summary>Writes it as PEM, for servers that read files and for those who are to trust it.</summary>
    public static CertificateFiles WriteTo(string folder)
    {
        using var certificate = Find()!;
        using var key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey();
        var files = new CertificateFiles(Path.Combine(folder, "localhost.pem"), Path.Combine(folder, "localhost.key"));
        PrivateFiles.CreateFolder(folder);
        PrivateFiles.Write(files.KeyPath, key!.ExportPkcs8PrivateKeyPem());
        PrivateFiles.Write(files.CertificatePath, certificate.ExportCertificatePem());
        return files;
    }

    // The one that Kestrel and Aspire choose: of the latest make (the mark's value), the one that lasts longest. Not by building a chain: that would fill this process' cache of
    // roots before the new one is there.
    private static X509Certificate2? Find()
    {
        using var own = new X509Store(StoreName.My, StoreLocation.CurrentUser, OpenFlags.ReadOnly);
        using var roots = new X509Store(StoreName.Root, StoreLocation.CurrentUser, OpenFlags.ReadOnly);
        var now = TimeProvider.System.GetLocalNow().DateTime;
        return own.Certificates
            .Where(certificate => certificate.HasPrivateKey && certificate.NotBefore <= now && now < certificate.NotAfter.AddDays(-1))
            .Where(certificate => certificate.Extensions.Any(extension => extension.Oid?.Value == Mark))
            .Where(certificate => roots.Certificates.Find(X509FindType.FindByThumbprint, certificate.Thumbprint, validOnly: false).Count > 0)
            .OrderByDescending(certificate => certificate.Extensions.First(extension => extension.Oid?.Value == Mark).RawData.LastOrDefault())
            .ThenByDescending(certificate => certificate.NotAfter)
            .FirstOrDefault();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return await output + await errors;
    }
}
