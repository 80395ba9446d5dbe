using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SecureShop.Testing;

/// <summary>A token in the making: a test spoils one thing of a good one and signs the rest correctly.</summary>
public sealed class TestToken
{
    /// <summary>The JOSE header.</summary>
    public Dictionary<string, object?> Header { get; } = new(StringComparer.Ordinal);

    /// <summary>The claims.</summary>
    public Dictionary<string, object?> Claims { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes the signature over the signing input; by default ES256 with the key that the test issuer publishes.</summary>
    public Func<byte[], byte[]> Sign { get; set; } = input => TestTokens.Key.SignData(input, HashAlgorithmName.SHA256);

    /// <summary>The compact form.</summary>
    public string Write()
    {
        var input = $"{Encode(Header)}.{Encode(Claims)}";
        return $"{input}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Encode(Dictionary<string, object?> part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
