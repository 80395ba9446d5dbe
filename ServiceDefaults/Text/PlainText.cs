using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace SecureShop.ServiceDefaults.Text;

/// <summary>Text that shows what it is: no character that is invisible, rearranges others or breaks a store.</summary>
public static class PlainText
{
    /// <summary>Whether every character of <paramref name="text"/> may be kept and shown.</summary>
    public static bool IsPlain(string text, bool lines = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var index = 0; index < text.Length;)
        {
            // Half a surrogate pair is no character; Postgres would refuse it with an error of its own.
            if (!Rune.TryGetRuneAt(text, index, out var rune) || !IsPlain(rune, lines))
                return false;
            index += rune.Utf16SequenceLength;
        }

        return true;
    }

    /// <summary>Whether there is something to see: joiners, marks and spaces alone would be a name that nobody sees.</summary>
    public static bool IsVisible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.EnumerateRunes().Any(rune => Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune) || Rune.IsNumber(rune));
    }

    private static bool IsPlain(Rune rune, bool lines) => rune.Value switch
    {
        '\t' or '\n' or '\r' => lines,

        // Joiners, which scripts and emoji need.
        0x200C or 0x200D => true,

        // Letters by their category, and blank.
        0x115F or 0x1160 or 0x3164 or 0xFFA0 => false,

        // NUL would end a string in Postgres; overrides of direction make a text read as another ("Trojan source"); tags hide one.
        _ => Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
    };
}

/// <summary>The text is plain and visible, and has at most <paramref name="longest"/> characters as it is kept: composed and trimmed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlainTextAttribute(int longest) : ValidationAttribute
{
    /// <summary>How many characters it may have: code points, as Postgres counts.</summary>
    public int Longest { get; } = longest;

    /// <summary>Whether line breaks and tabs are allowed.</summary>
    public bool Lines { get; init; }

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        string text => PlainText.IsPlain(text, Lines) && PlainText.IsVisible(text) && NormalizedText.Length(NormalizedText.Shown(text)) <= Longest,
        _ => false,
    };

    /// <inheritdoc/>
    public override string FormatErrorMessage(string name)
        => ErrorMessage ?? $"Plain text of 1 to {Longest} characters{(Lines ? ", line breaks and tabs allowed" : "")}; no control or invisible characters.";
}
