using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>The forms in which a value may stand in what was exported. Text is held as one character a byte, as the search has it.</summary>
internal static class Disguise
{
    public static IEnumerable<(string Name, string Text)> Of(byte[] value)
    {
        yield return ("as it is", Encoding.Latin1.GetString(value));
        yield return ("hex", Convert.ToHexStringLower(value));
        yield return ("UTF-16", string.Concat(value.Select(b => $"{(char)b}\0")));

        // Base64 of a longer text that holds the value looks different for each of three places to begin at.
        for (var shift = 0; shift < 3; shift++)
        {
            yield return ("base64", Inner(shift, Convert.ToBase64String));
            yield return ("base64url", Inner(shift, bytes => Base64Url.EncodeToString(bytes)));
        }

        if (!Ascii.IsValid(value))
            yield break;
        var text = Encoding.ASCII.GetString(value);
        var escaped = Uri.EscapeDataString(text);
        yield return ("URL-encoded", escaped);
        yield return ("URL-encoded twice", Uri.EscapeDataString(escaped));
        yield return ("form-encoded", WebUtility.UrlEncode(text));
        yield return ("JSON-escaped", JsonEncodedText.Encode(text).Value);
        yield return ("HTML-encoded", WebUtility.HtmlEncode(text));

        string Inner(int shift, Func<byte[], string> encode)
        {
            // What the neighbours share with the value is cut off on both sides.
            var whole = value.Length - ((value.Length + shift) % 3);
            var encoded = encode([.. new byte[shift], .. value[..Math.Max(whole, 0)]]).TrimEnd('=');
            return encoded[Math.Min(shift == 0 ? 0 : 4, encoded.Length)..];
        }
    }
}
