using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SecureShop.ServiceDefaults;

/// <summary>
/// Where a keyset page goes on. Opaque to clients, but not secret and not trusted: the parts are parsed and bound as
/// parameters again, and the query is scoped to its owner, so a made-up cursor only moves the caller within its own rows.
/// </summary>
public static class PageCursor
{
    /// <summary>The longest cursor that is looked at: a key of 120 characters takes up to 12 bytes for each as JSON, and a third more here.</summary>
    public const int MaxLength = 2048;

    /// <summary>Makes a cursor of the sort keys of the last row.</summary>
    public static string Encode(params string[] parts) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(parts));

    /// <summary>Reads a cursor of exactly <paramref name="parts"/> parts.</summary>
    public static bool TryDecode(string? cursor, int parts, [NotNullWhen(true)] out string[]? values)
    {
        values = null;
        if (cursor is null or { Length: 0 or > MaxLength } || !Base64Url.IsValid(cursor))
            return false;
        try
        {
            var read = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(cursor));
            if (read is null || read.Length != parts || read.Contains(null))
                return false;
            values = read!;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
