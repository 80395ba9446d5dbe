using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.ServiceDefaults.Sealing;

/// <summary>
/// What goes out into the world and comes back: sealed for one purpose, and good until a time. As the framework's time-limited protector,
/// by the service's own clock.
/// </summary>
public static class Sealed
{
    /// <summary>As text for a cookie or an address.</summary>
    public static string Close<T>(this IDataProtector seal, T content, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(seal);
        return WebEncoders.Base64UrlEncode(seal.Protect(JsonSerializer.SerializeToUtf8Bytes(new Envelope<T>(content, until))));
    }

    /// <summary>Null for what is too old, another's, cut off or made up; there is no way to ask before.</summary>
    public static T? Open<T>(this IDataProtector seal, string? text, DateTimeOffset now)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(seal);
        try
        {
            var envelope = JsonSerializer.Deserialize<Envelope<T>>(seal.Unprotect(WebEncoders.Base64UrlDecode(text ?? "")))!;
            return now < envelope.Until ? envelope.Content : null;
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private sealed record Envelope<T>(T Content, DateTimeOffset Until);
}
