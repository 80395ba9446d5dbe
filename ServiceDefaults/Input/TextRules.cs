using System.Buffers;
using System.Text;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// What text is: characters, and no control characters. NUL ends a string in C and is an error in Postgres, escape sequences rule a
/// terminal that shows a log, and half a pair of surrogates is no character at all.
/// </summary>
internal static class TextRules
{
    /// <summary>What a caller who breaks them is told.</summary>
    public const string Message = "Text in UTF-8, without control characters.";

    /// <summary>Whether <paramref name="text"/> keeps the rules. In JSON it may have tabs and line breaks: which members do, each says itself.</summary>
    public static bool IsText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r')))
                return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>Whether <paramref name="bytes"/> are text of one line in UTF-8; overlong forms, which hide a character, are not.</summary>
    public static bool IsLine(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) != OperationStatus.Done || Rune.IsControl(rune))
                return false;
            bytes = bytes[length..];
        }

        return true;
    }
}
