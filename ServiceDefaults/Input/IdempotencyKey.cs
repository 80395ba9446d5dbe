using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// The header <c>Idempotency-Key</c>: 8 to 64 letters, digits, - and _, enough for a UUID and nothing that needs escaping anywhere.
/// In quotes, as draft-ietf-httpapi-idempotency-key-header writes it (a string of RFC 8941), it is the same key.
/// </summary>
public static class IdempotencyKey
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The longest.</summary>
    public const int MaxLength = 64;

    private const int MinLength = 8;

    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>
    /// Reads the header's value. An empty one is no key: the next purchase, with another empty one, would get the answer of this. Of
    /// several it is not known which is meant; a proxy makes one value of them, with a comma in it.
    /// </summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out string? key)
    {
        var bare = value is ['"', .. var quoted, '"'] ? quoted : value;
        key = bare.Length is >= MinLength and <= MaxLength && !bare.AsSpan().ContainsAnyExcept(Characters) ? bare : null;
        return key is not null;
    }
}
