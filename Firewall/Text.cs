using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>A text at one depth of decoding, with what several detectors ask about it.</summary>
internal readonly ref struct Text(ReadOnlySpan<char> value, FieldKind kind, bool decoded)
{
    private const int Sentence = 3;
    private const int Reach = 100;
    private const int Far = 400;

    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \t\r\n");

    public ReadOnlySpan<char> Value { get; } = value;

    public FieldKind Kind { get; } = kind;

    /// <summary>Whether it was hidden in another form.</summary>
    public bool IsDecoded { get; } = decoded;

    /// <summary>Whether a sentence leads up to <paramref name="index"/>: three or more words of a language within reach.</summary>
    public bool IsProse(int index) => CountWords(Value[Math.Max(0, index - Reach)..index]) >= Sentence;

    /// <summary>Whether the text is one value without spaces, such as a name, a number or an address.</summary>
    public bool IsOneWord { get; } = !value.Trim().ContainsAny(Spaces);

    /// <summary>Whether several words of a language stand anywhere around.</summary>
    public bool IsSentence => CountWords(Value[..Math.Min(Value.Length, 2 * Reach)]) > Sentence;

    /// <summary>As much of a text as any look ahead needs: so that looks from every place of it stay linear.</summary>
    public static ReadOnlySpan<char> Near(ReadOnlySpan<char> text) => text.Length > Far ? text[..Far] : text;

    public static bool IsWordChar(char one) => char.IsLetterOrDigit(one) || one == '_';

    /// <summary>The next place of a word, whatever its case, or -1.</summary>
    public static int Find(ReadOnlySpan<char> text, string word, int from)
    {
        var at = text[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? -1 : from + at;
    }

    public static int SkipSpaces(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && char.IsWhiteSpace(text[index]))
            index++;
        return index;
    }

    /// <summary>The end of the word that begins at <paramref name="index"/>.</summary>
    public static int WordEnd(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && IsWordChar(text[index]))
            index++;
        return index;
    }

    private static int CountWords(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var range in text.SplitAny(Spaces))
        {
            var word = text[range].Trim(".,:;!?()\"'-");
            if (word.Length > 0 && IsWord(word))
                count++;
        }

        return count;
    }

    private static bool IsWord(ReadOnlySpan<char> word)
    {
        foreach (var one in word)
        {
            if (!char.IsLetter(one) && one is not ('\'' or '’' or '-'))
                return false;
        }

        return true;
    }
}
