using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.StandIns.AspireHosting.Certificates;

/// <summary>A certificate and its key as PEM files.</summary>
/// <param name="CertificatePath">The leaf certificate.</param>
/// <param name="KeyPath">Its PKCS#8 key, readable by the owner alone.</param>
public sealed record CertificateFiles(string CertificatePath, string KeyPath);

/// <summary>A certificate authority for this machine's loopback addresses, made on first run, and the leaves it signs.</summary>
public sealed class DevelopmentCertificates : IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(10);

    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly X509Certificate2 _authority;

    private DevelopmentCertificates(string folder, TimeProvider clock, X509Certificate2 authority)
    {
        _folder = folder;
        _clock = clock;
        _authority = authority;
    }

    /// <summary>
    /// The authority's certificate (PEM): the value for <c>SSL_CERT_FILE</c>, <c>curl --cacert</c> and Npgsql's
    /// <c>Root Certificate</c>. It is the whole trust of a service: the services talk to each other only, so none of the
    /// world's public authorities may vouch for one of them.
    /// </summary>
    public string AuthorityPath => CertificatePath(_folder);

    /// <summary>A folder with the authority alone, for <c>SSL_CERT_DIR</c>: left unset, it means the system's authorities.</summary>
    public string AuthorityFolder => Path.Combine(_folder, "trust");

    /// <summary>The authority's SHA-256 fingerprint, to compare with what a browser shows.</summary>
    public string Fingerprint => _authority.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>How to make this machine's tools and browsers trust the authority, as text for the terminal.</summary>
    public string HowToTrust => TrustInstructions.For(AuthorityPath);

    /// <summary>Reads the authority from <paramref name="directory"/>, or makes it there.</summary>
    /// <exception cref="HostingException">The files there are broken, or cannot be written.</exception>
    public static DevelopmentCertificates Open(string directory, TimeProvider clock)
    {
        var folder = Path.GetFullPath(directory);
        try
        {
            PrivateFiles.CreateFolder(folder);
            using (FolderLock.Take(folder))
            {
                if (!File.Exists(CertificatePath(folder)))
                    Create(folder, clock);
                return new(folder, clock, Read(folder, clock));
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HostingException($"The development certificates cannot be kept in {folder}: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// A leaf for localhost, <c>{name}.localhost</c>, 127.0.0.1 and ::1; made when missing, near its end or not ours.
    /// </summary>
    public CertificateFiles Issue(string name)
    {
        // The name becomes a file's: nothing but a host label may.
        if (name.Length is 0 or > 60 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || name is "ca")
            throw new ArgumentException($"'{name}' is not a lower-case host label.", nameof(name));

        var files = new CertificateFiles(Path.Combine(_folder, $"{name}.pem"), Path.Combine(_folder, $"{name}.key"));
        using (FolderLock.Take(_folder))
        {
            if (!IsGood(files, name))
            {
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                using var leaf = CertificateRules.CreateLeaf(_authority, name, key, _clock.GetUtcNow());
                PrivateFiles.Write(files.KeyPath, key.ExportPkcs8PrivateKeyPem());
                PrivateFiles.Write(files.CertificatePath, leaf.ExportCertificatePem());
            }
        }

        return files;
    }

    /// <summary>Forgets the authority's key.</summary>
    public void Dispose() => _authority.Dispose();

    private static string CertificatePath(string folder) => Path.Combine(folder, "ca.pem");

    private static string KeyPath(string folder) => Path.Combine(folder, "ca.key");

    private static void Create(string folder, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = CertificateRules.CreateAuthority(key, clock.GetUtcNow());
        var pem = authority.ExportCertificatePem();
        PrivateFiles.Write(KeyPath(folder), key.ExportPkcs8PrivateKeyPem());
        PrivateFiles.CreateFolder(Path.Combine(folder, "trust"));
        PrivateFiles.Write(Path.Combine(folder, "trust", "ca.pem"), pem);
        // Last: its presence says that the rest is there.
        PrivateFiles.Write(CertificatePath(folder), pem);
    }

    private static X509Certificate2 Read(string folder, TimeProvider clock)
    {
        if (File.Exists(KeyPath(folder)) && PrivateFiles.IsShared(KeyPath(folder)))
        {
            throw new HostingException(
                $"Other users can read or replace {KeyPath(folder)}, so the development CA is not safe to trust. "
                + $"Remove it from where you trusted it, delete {folder} and start again.");
        }

        X509Certificate2 authority;
        try
        {
            authority = X509Certificate2.CreateFromPemFile(CertificatePath(folder), KeyPath(folder));
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or FileNotFoundException)
        {
            throw new HostingException($"The development CA in {folder} is broken. Delete that folder, start again, and trust the new CA.", problem);
        }

        if (clock.GetUtcNow() + RenewBefore < new DateTimeOffset(authority.NotAfter))
            return authority;
        using (authority)
        {
            throw new HostingException(
                $"The development CA in {folder} ends on {authority.NotAfter:yyyy-MM-dd}. Delete that folder, start again, and trust the new CA.");
        }
    }

    private bool IsGood(CertificateFiles files, string name)
    {
        if (!File.Exists(files.CertificatePath) || !File.Exists(files.KeyPath))
            return false;
        try
        {
            using var leaf = X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(_authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationTime = (_clock.GetUtcNow() + RenewBefore).LocalDateTime;
            return leaf.MatchesHostname($"{name}.localhost") && chain.Build(leaf);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            // Unreadable or not a pair, as after a crash between the two files: made again.
            return false;
        }
    }
}
