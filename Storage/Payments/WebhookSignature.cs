using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SecureShop.Storage.Payments;

/// <summary>
/// Whether a notice is the provider's own, in the manner of Standard Webhooks: HMAC-SHA256 over its id, its time and its body, with one of the secrets
/// that both know. The time is signed too, so that a notice which somebody kept is no good after a while.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The header with the notice's id.</summary>
    public const string Id = "webhook-id";

    /// <summary>The header with its time.</summary>
    public const string Timestamp = "webhook-timestamp";

    /// <summary>The header with its signatures.</summary>
    public const string Signature = "webhook-signature";

    private const string Version = "v1,";
    private const int LongestId = 64;
    private const int MostSignatures = 8;

    /// <summary>Why the notice is not believed; null where it is.</summary>
    public static WebhookFault? FindFault(IHeaderDictionary headers, byte[] body, PaymentsOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(options);

        // Of two of a kind one reader takes the first and another the last.
        if (headers[Id] is not [{ Length: >= 1 and <= LongestId } id] || headers[Timestamp] is not [{ } timestamp] || headers[Signature] is not [{ } signatures])
            return WebhookFault.Shape;

        // With a dot in it, it could take over a part of the time or of the body.
        if (!id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return WebhookFault.Shape;
        if (Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)options.WebhookTolerance.TotalSeconds)
            return WebhookFault.Time;

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var given = signatures.Split(' ', MostSignatures + 1).Take(MostSignatures)
            .Where(signature => signature.StartsWith(Version, StringComparison.Ordinal))
            .Select(signature => Decode(signature[Version.Length..])).ToList();
        var good = false;
        foreach (var key in options.WebhookKeys())
        {
            var expected = HMACSHA256.HashData(key, signed);

            // In constant time, and without a way out at the first that fits: how long it took says nothing of how close a forgery came.
            foreach (var signature in given)
                good |= CryptographicOperations.FixedTimeEquals(expected, signature);
        }

        return good ? null : WebhookFault.Signature;
    }

    private static byte[] Decode(string text)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : [];
    }
}

/// <summary>Why a notice is not believed.</summary>
public enum WebhookFault
{
    /// <summary>Without the headers of a notice, or with what is none.</summary>
    Shape,

    /// <summary>Too old, or of the future.</summary>
    Time,

    /// <summary>Not signed with a secret that we know.</summary>
    Signature,
}
