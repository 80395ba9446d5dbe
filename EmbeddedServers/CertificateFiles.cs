namespace SecureShop.EmbeddedServers;

/// <summary>A server's certificate and its key as PEM files. It signs itself: who is to trust the server trusts this file.</summary>
/// <param name="CertificatePath">The certificate.</param>
/// <param name="KeyPath">Its PKCS#8 key, readable by the owner alone.</param>
public sealed record CertificateFiles(string CertificatePath, string KeyPath);
