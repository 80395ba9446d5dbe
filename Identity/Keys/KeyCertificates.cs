using System.Security.Cryptography.X509Certificates;

namespace SecureShop.Identity.Keys;

/// <summary>
/// The certificates outside the database that the key ring is sealed with, so that a dump of the database alone signs no token
/// and reads no cookie. The first one seals, all of them open. Only their keys count: their dates and names are not looked at.
/// </summary>
internal static class KeyCertificates
{
    public const string Section = "Identity:KeyCertificates";
    public const int MinBits = 3072;

    /// <summary>The certificates as configured, or an exception that says what to set.</summary>
    public static IReadOnlyList<X509Certificate2> Read(IConfiguration configuration)
    {
        // The Database job has them in a section of its own, which the path begins with.
        var section = configuration.GetSection(Section);
        var settings = section.GetChildren().ToList();
        return settings.Count > 0 ? settings.ConvertAll(setting => Load(setting.Path, setting.Value)) : throw Unfit($"{section.Path}:0");
    }

    private static X509Certificate2 Load(string setting, string? value)
    {
        try
        {
            // On a Mac a key cannot do without the keychain; elsewhere it stays in memory.
            var storage = OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;
            var certificate = X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(value ?? ""), password: null, storage);
            using var key = certificate.GetRSAPrivateKey();
            return key?.KeySize >= MinBits ? certificate : throw Unfit(setting);
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            throw Unfit(setting);
        }
    }

    private static InvalidOperationException Unfit(string setting) => new(
        $"Set {setting.Replace(":", "__", StringComparison.Ordinal)} to base64 of a PKCS#12 file without a password that holds a certificate and its RSA key of {MinBits} bits or more. "
        + "Make one with 'openssl req -x509 -newkey rsa:3072 -noenc -subj /CN=key-ring -keyout key.pem -out cert.pem' and "
        + "'openssl pkcs12 -export -passout pass: -inkey key.pem -in cert.pem | base64 -w0'. Give it to every replica, and keep it: "
        + "what it has sealed cannot be read without it.");
}
