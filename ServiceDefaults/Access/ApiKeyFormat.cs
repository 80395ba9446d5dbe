using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// What a key looks like: <c>sk_shop_</c>, by which scanners of code and chats know a leak, 32 random characters (190 bits), and a
/// checksum of all before it, so that a scanner tells a key from what only looks like one, and so does whoever gets one, without a look-up.
/// </summary>
public static class ApiKeyFormat
{
    /// <summary>What every key begins with.</summary>
    public const string Start = "sk_shop_";

    /// <summary>Characters of a key.</summary>
    public const int Length = 46;

    /// <summary>How much of a key its owner is shown later, to tell it from others.</summary>
    public const int ShownLength = 12;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumLength = 6;
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    /// <summary>A new one.</summary>
    public static string Make()
    {
        var key = Start + RandomNumberGenerator.GetString(Alphabet, Length - Start.Length - ChecksumLength);
        return key + Checksum(key);
    }

    /// <summary>Whether <paramref name="text"/> can be one of ours.</summary>
    public static bool IsPossible(string? text)
        => text is { Length: Length } && text.StartsWith(Start, StringComparison.Ordinal)
            && !text.AsSpan(Start.Length).ContainsAnyExcept(Allowed)
            && text.AsSpan(Length - ChecksumLength).SequenceEqual(Checksum(text[..^ChecksumLength]));

    // CRC-32C in base 62, the highest digit first.
    private static string Checksum(string text)
    {
        var sum = ~text.Aggregate(uint.MaxValue, (crc, character) => BitOperations.Crc32C(crc, (byte)character));
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var place = ChecksumLength - 1; place >= 0; place--, sum /= (uint)Alphabet.Length)
            digits[place] = Alphabet[(int)(sum % (uint)Alphabet.Length)];
        return new(digits);
    }
}
