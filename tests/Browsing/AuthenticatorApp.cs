using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace SecureShop.Browsing;

/// <summary>What an authenticator app on somebody's phone does (RFC 6238), written anew from the RFC and not with the service's library.</summary>
/// <param name="Key">In base32, as a QR code holds it.</param>
public sealed record AuthenticatorApp(string Key)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>How long a code is shown.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>What it shows at a time.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The apps that people have know no other.")]
    public string Code(DateTimeOffset at)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, at.ToUnixTimeSeconds() / 30);
        var number = Key.Aggregate(BigInteger.Zero, (sum, letter) => (sum * 32) + Alphabet.IndexOf(letter, StringComparison.Ordinal));
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        var key = new byte[Key.Length * 5 / 8];
        bytes.CopyTo(key, key.Length - bytes.Length);
        var hash = HMACSHA1.HashData(key, counter);
        var part = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & 0x7FFFFFFF;
        return (part % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
