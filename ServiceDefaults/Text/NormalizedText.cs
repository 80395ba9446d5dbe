using System.Text;

namespace SecureShop.ServiceDefaults.Text;

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
        // takes apart is composed again, in between too: there is a small j with a caron, and no capital one.
        var small = Normalize(Compatible(text).ToLowerInvariant(), NormalizationForm.FormKC);
        return Normalize(small.ToUpperInvariant(), NormalizationForm.FormKC);
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
