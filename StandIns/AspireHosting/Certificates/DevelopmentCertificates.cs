namespace SecureShop.StandIns.AspireHosting.Certificates;

/// <summary>A certificate and its key as PEM files.</summary>
/// <param name="CertificatePath">The leaf certificate.</param>
/// <param name="KeyPath">Its PKCS#8 key, readable by the owner alone.</param>
public sealed record CertificateFiles(string CertificatePath, string KeyPath);

/// <summary>A certificate authority for this machine's loopback addresses, made on first run, and the leaves it signs.</summary>
public sealed class DevelopmentCertificates
{
    /// <summary>The authority's certificate (PEM): the value for <c>SSL_CERT_FILE</c>, <c>curl --cacert</c> and Npgsql's <c>Root Certificate</c>.</summary>
    public string AuthorityPath => throw new NotSupportedException();

    /// <summary>How to make this machine's tools and browsers trust the authority, as text for the terminal.</summary>
    public string HowToTrust => throw new NotSupportedException();

    /// <summary>Reads the authority from <paramref name="directory"/>, or makes it there.</summary>
    /// <exception cref="HostingException">The files there are broken, or cannot be written.</exception>
    public static DevelopmentCertificates Open(string directory, TimeProvider clock) => throw new NotSupportedException();

    /// <summary>
    /// A leaf for localhost, <c>{name}.localhost</c>, 127.0.0.1 and ::1; made when missing, near its end or not ours.
    /// </summary>
    public CertificateFiles Issue(string name) => throw new NotSupportedException();
}
