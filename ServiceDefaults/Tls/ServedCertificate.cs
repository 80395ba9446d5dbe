using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecureShop.ServiceDefaults.Tls;

/// <summary>
/// The certificate of the files that Kestrel was started with (<c>Kestrel:Certificates:Default:Path</c> and <c>KeyPath</c>), as they
/// are now: new handshakes get what was put there since, with the intermediates, and connections that are open go on. Whoever renews a
/// certificate replaces two files, and not both at once: until they fit each other the one before is served.
/// </summary>
internal sealed partial class ServedCertificate(IConfiguration configuration, IHostEnvironment environment, TimeProvider clock, ILogger<ServedCertificate> logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IConfigurationSection files = configuration.GetSection("Kestrel:Certificates:Default");
    private (string Certificate, string Key) seen;
    private string? initial, told;
    private SslStreamCertificateContext? current;
    private long nextLook;
    private int looking;

    /// <summary>Has a handshake show it, in place of what Kestrel read from the same files at the start: a listener may have another.</summary>
    public void ApplyTo(SslServerAuthenticationOptions tls)
    {
        LookInTime();
        if (Volatile.Read(ref current) is { } served && tls.ServerCertificate?.GetCertHashString() == initial)
            tls.ServerCertificateContext = served;
    }

    /// <summary>Reads the files, not more often than once a second. By what is in them: their times, and the signals of a file system, are those of a link where links are swapped.</summary>
    public void LookInTime()
    {
        var now = clock.GetTimestamp();
        if (files["Path"] is not { Length: > 0 } path || files["KeyPath"] is not { Length: > 0 } key || now < Volatile.Read(ref nextLook) || Interlocked.Exchange(ref looking, 1) == 1)
            return;
        Look(Path.Combine(environment.ContentRootPath, path), Path.Combine(environment.ContentRootPath, key));
        Volatile.Write(ref nextLook, now + (long)(LookEvery.TotalSeconds * clock.TimestampFrequency));
        Volatile.Write(ref looking, 0);
    }

    private void Look(string path, string keyPath)
    {
        try
        {
            var found = (File.ReadAllText(path), File.ReadAllText(keyPath));
            if (found != seen)
            {
                var made = Make(found.Item1, found.Item2);
                initial ??= made.TargetCertificate.GetCertHashString();
                if (Interlocked.Exchange(ref current, made) is not null)
                    CertificateReplaced(made.TargetCertificate.Thumbprint, made.TargetCertificate.NotAfter.ToUniversalTime());
                seen = found;
            }

            told = null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // Once for each fault, not for each time that it is met.
            if (fault.Message != told)
                CertificateNotReplaced(path, keyPath, fault.Message);
            told = fault.Message;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The context has it, and handshakes may be at that one for longer than we are.")]
    private SslStreamCertificateContext Make(string certificate, string key)
    {
        var leaf = Read(certificate, key, files["Password"]);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);

        // At the start Kestrel takes any.
        var (now, from, until) = (clock.GetUtcNow().UtcDateTime, leaf.NotBefore.ToUniversalTime(), leaf.NotAfter.ToUniversalTime());
        if (current is not null && (now < from || until <= now))
            throw new CryptographicException($"The certificate is for {from:u} to {until:u}.");
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private static X509Certificate2 Read(string certificate, string key, string? password)
    {
        var read = string.IsNullOrEmpty(password) ? X509Certificate2.CreateFromPem(certificate, key) : X509Certificate2.CreateFromEncryptedPem(certificate, key, password);

        // Windows serves no key that is in memory alone.
        if (!OperatingSystem.IsWindows())
            return read;
        using (read)
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
    }

    [LoggerMessage(1141, LogLevel.Information, "The certificate was replaced: {Thumbprint} is served now, until {Until:u}.")]
    private partial void CertificateReplaced(string thumbprint, DateTime until);

    [LoggerMessage(1142, LogLevel.Error, "The certificate before is served on: what is now in {Path} and {KeyPath} cannot be. {Words}")]
    private partial void CertificateNotReplaced(string path, string keyPath, string words);
}
