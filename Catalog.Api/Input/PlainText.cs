using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace SecureShop.Catalog.Input;

/// <summary>Text that shows what it is: no character that is invisible, rearranges others or breaks a store.</summary>
internal static class PlainText
{
    /// <summary>Whether every character of <paramref name="text"/> may be kept and shown.</summary>
    public static bool IsPlain(string text, bool lines = false)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogate(text[index]))
            {
                // Half a pair is no character; Postgres would refuse it with an error of its own.
                if (!char.IsSurrogatePair(text, index))
                    return false;
                index++;
            }
            else if (!IsPlain(text[index], lines))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlain(char character, bool lines) => character switch
    {
        '\t' or '\n' or '\r' => lines,

        // Joiners, which scripts and emoji need.
        '\u200C' or '\u200D' => true,

        // NUL would end a string in Postgres; overrides of direction make a text read as another ("Trojan source").
        _ => CharUnicodeInfo.GetUnicodeCategory(character)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
    };
}

/// <summary>The text is plain, and has between one and <paramref name="longest"/> characters when trimmed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainTextAttribute(int longest) : ValidationAttribute
{
    public int Longest { get; } = longest;

    /// <summary>Whether line breaks and tabs are allowed.</summary>
    public bool Lines { get; init; }

    public override bool IsValid(object? value) => value switch
    {
        null => true,
        string text => text.AsSpan().Trim().Length is > 0 && text.Trim().Length <= Longest && PlainText.IsPlain(text, Lines),
        _ => false,
    };

    public override string FormatErrorMessage(string name)
        => $"Plain text of 1 to {Longest} characters{(Lines ? ", line breaks and tabs allowed" : "")}; no control or invisible characters.";
}
