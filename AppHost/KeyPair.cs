using System.Security.Cryptography;

using Aspire.Hosting.Publishing;

namespace SecureShop.AppHost;

/// <summary>Generates a P-256 key pair for a client that signs its assertions (private_key_jwt).</summary>
internal sealed class KeyPair : ParameterDefault
{
    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportPkcs8PrivateKey());
    }

    /// <inheritdoc />
    public override void WriteToManifest(ManifestPublishingContext context) =>
        throw new NotSupportedException("A manifest cannot generate a key pair; give it as a parameter when deploying.");

    /// <summary>The public part (base64 SubjectPublicKeyInfo) of a private key (base64 PKCS#8).</summary>
    public static string PublicPart(string? privateKey)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey ?? ""), out _);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
