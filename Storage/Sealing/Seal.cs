using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Storage.Sealing;

/// <summary>
/// AES-256-GCM with a fresh random nonce each time: format (1 byte), nonce (12), ciphertext, tag (16). What a sealed value is bound to
/// takes part in the tag: moved to another place it does not open.
/// </summary>
internal static class Seal
{
    public const int KeyLength = 32;

    /// <summary>How many bytes longer than its content a sealed value is.</summary>
    public const int Overhead = 1 + NonceLength + TagLength;

    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Closes <paramref name="content"/>.</summary>
    public static byte[] Close(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> place)
    {
        var closed = new byte[Overhead + content.Length];
        closed[0] = Format;
        var nonce = closed.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, content, closed.AsSpan(1 + NonceLength, content.Length), closed.AsSpan(closed.Length - TagLength), place);
        return closed;
    }

    /// <summary>The content, or null for what was changed, moved, cut off, closed by another key or in a format that is not known.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place)
    {
        if (closed.Length < Overhead || closed[0] != Format)
            return null;
        var content = GC.AllocateUninitializedArray<byte>(closed.Length - Overhead);
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(closed.Slice(1, NonceLength), closed[(1 + NonceLength)..^TagLength], closed[^TagLength..], content, place);
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            // There is no way to ask before. Nothing of the content has been given out.
            return null;
        }
    }

    /// <summary>What a value is bound to: each part with its length before it, so that no two lists of parts read the same.</summary>
    public static byte[] Place(params ReadOnlySpan<string> parts)
    {
        var bytes = new List<byte>(128) { Format };
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
            bytes.AddRange(length);
            bytes.AddRange(text);
        }

        return [.. bytes];
    }

    /// <summary>A key for one purpose: what it is used for tells nothing about another's (HKDF, RFC 5869).</summary>
    public static void Derive(ReadOnlySpan<byte> key, string purpose, Span<byte> derived)
        => HKDF.Expand(HashAlgorithmName.SHA256, key, derived, Encoding.UTF8.GetBytes($"secureshop {purpose}"));
}
