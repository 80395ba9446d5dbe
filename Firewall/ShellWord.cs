namespace SecureShop.Firewall;

/// <summary>A word as a shell reads it, which drops quotes, backslashes and empty variables from it: c''at, c\at, c$@at and "cat" are cat.</summary>
internal readonly ref struct ShellWord
{
    /// <summary>The longest that is read: no command is longer.</summary>
    public const int MaxLength = 64;

    private ShellWord(ReadOnlySpan<char> value, ReadOnlySpan<char> rest, bool isDisguised)
    {
        Value = value;
        Rest = rest;
        IsDisguised = isDisguised;
    }

    /// <summary>What the shell starts.</summary>
    public ReadOnlySpan<char> Value { get; }

    /// <summary>What is behind it, as far as anybody looks.</summary>
    public ReadOnlySpan<char> Rest { get; }

    /// <summary>Whether only a shell reads this word out of what is written.</summary>
    public bool IsDisguised { get; }

    public static ShellWord Read(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var (disguised, count, index) = (false, 0, 0);
        while (index < text.Length && count < buffer.Length && !IsEnd(text, index, count == 0))
        {
            var one = text[index];
            var dropped = one switch
            {
                '\'' or '"' or '\\' => 1,
                '$' => NothingLength(text[index..]),
                '`' => 2,
                _ => 0,
            };
            if (dropped == 0)
                buffer[count++] = one;
            else if (count > 0)
                disguised |= IsInside(text, index, dropped);
            index += Math.Max(1, dropped);
        }

        return new(buffer[..count], Text.Near(text[Math.Min(index, text.Length)..]), disguised);
    }

    private static bool IsEnd(ReadOnlySpan<char> text, int index, bool isFirst)
        => char.IsWhiteSpace(text[index]) || text[index] is ';' or '|' or '&' or '(' or ')' or '<' or '>' or ',' or '}' or ':' or '=' or '#'
            || (text[index] == '`' && (isFirst || !text[index..].StartsWith("``")));

    /// <summary>The length of a variable that is empty, $@ or $1, or of a command without output, $(); a lone $ drops itself.</summary>
    private static int NothingLength(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("$()"))
            return 3;
        return text.Length > 1 && (text[1] is '@' or '*' or '#' or '!' or '?' || char.IsAsciiDigit(text[1])) ? 2 : 1;
    }

    /// <summary>Whether what is dropped stands inside of a word; at its end a quote is one of what is around.</summary>
    private static bool IsInside(ReadOnlySpan<char> text, int index, int length)
    {
        var one = text[index];
        if (one is '$' or '`')
            return length > 1;
        if (index + 2 >= text.Length || !Text.IsWordChar(text[index - 1]))
            return false;
        return one == '\\' || IsQuotedPart(text[(index + 1)..], one);
    }

    /// <summary>Behind a quote: whether its other one is near and the word, or the command, goes on behind that.</summary>
    private static bool IsQuotedPart(ReadOnlySpan<char> rest, char quote)
    {
        var end = rest.IndexOf(quote);
        if (end is < 0 or >= 8 || end + 1 >= rest.Length || rest[..end].ContainsAny(" ,;"))
            return false;
        return end == 0 || Text.IsWordChar(rest[end + 1]) || rest[end + 1] is ' ' or '\'' or '"' or '$' or ';' or '|';
    }
}
