using System.Buffers.Text;

namespace SecureShop.Identity.Tokens;

internal static class PublicKeys
{
    /// <summary>A P-256 public key, base64 of its SubjectPublicKeyInfo, as a JSON Web Key.</summary>
    /// <exception cref="CryptographicException">It is no such key.</exception>
    /// <exception cref="FormatException">It is no base64.</exception>
    public static string ToJsonWebKey(string publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        if (key.KeySize != 256)
            throw new CryptographicException("The key is not on the curve P-256.");
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return JsonSerializer.Serialize(new
        {
            kty = "EC",
            crv = "P-256",
            alg = "ES256",
            use = "sig",
            x = Base64Url.EncodeToString(point.X),
            y = Base64Url.EncodeToString(point.Y),
        });
    }
}
