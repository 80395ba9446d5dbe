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

/// <summary>
/// The one rule by which texts that look the same are the same, whatever keyboard they come from: composed or decomposed
/// letters, full-width ones, ligatures (Unicode Standard Annex 15).
/// </summary>
public static class NormalizedText
{
    private const char Noncharacter = '\uFFFE';

    /// <summary>For what names somebody: NFKC without differences of case (RFC 8264, RFC 8265). Compared, never shown.</summary>
    public static string Identifier(string text)
    {
        // Capitals after small letters: the two forms of sigma meet in the one, and of sharp s in the other. What a change of case
        // takes apart is composed again.
        var folded = Compatible(text).ToLowerInvariant().ToUpperInvariant();
        return Normalize(folded, NormalizationForm.FormKC);
    }

    /// <summary>NFKC, case kept: for passwords before they are hashed (NIST SP 800-63B) and for words to search for.</summary>
    public static string Compatible(string text) => Normalize(WellFormed(text), NormalizationForm.FormKC);

    /// <summary>NFC, trimmed: for text that is kept and shown, which has to keep its look.</summary>
    public static string Shown(string text) => Normalize(WellFormed(text), NormalizationForm.FormC).Trim();

    /// <summary>How many characters a text has for people and for Postgres: code points.</summary>
    public static int Length(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.EnumerateRunes().Count();
    }

    private static string Normalize(string text, NormalizationForm form)
    {
        // Without tables every text would be returned as it is, and two spellings of one name taken for two people.
        return UnicodeTables.Available ? text.Normalize(form) : throw new PlatformNotSupportedException(UnicodeTables.Missing);
    }

    /// <summary>Half of a surrogate pair is no character, and U+FFFE never one: they become U+FFFD, where normalising would throw.</summary>
    private static string WellFormed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.EnumerateRunes().Contains(Rune.ReplacementChar) || text.Contains(Noncharacter, StringComparison.Ordinal)
            ? string.Concat(text.EnumerateRunes()).Replace(Noncharacter, '\uFFFD')
            : text;
    }
}

/// <summary>
/// Unicode's own tables, which .NET takes from ICU. Without them normalising a text does nothing and says nothing: one e-mail
/// address would be two, and a password from another keyboard a wrong one. So nothing starts without them.
/// </summary>
public static class UnicodeTables
{
    /// <summary>What is wrong where they are not there. Where ICU is missing and nothing switches it off, .NET itself ends the program.</summary>
    internal const string Missing =
        "Unicode's tables (ICU) are switched off by DOTNET_SYSTEM_GLOBALIZATION_INVARIANT or by the project: unset it, and where ICU is missing "
        + "install it, as with 'sudo apt install libicu-dev'.";

    /// <summary>Whether they are there.</summary>
    public static bool Available { get; } = "e\u0301\uFF21".Normalize(NormalizationForm.FormKC) == "\u00E9A";

    /// <summary>
    /// For the first line of a program that compares what people wrote. What it writes itself stays the same on every machine, in
    /// the invariant culture.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">They are not there; the message says how they come.</exception>
    public static void Require()
    {
        if (!Available)
            throw new PlatformNotSupportedException(Missing);
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }
}
