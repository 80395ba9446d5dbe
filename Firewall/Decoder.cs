using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SecureShop.Firewall;

/// <summary>
/// Takes one layer of disguise off a text, in one pass: percent encodings (also %u0027 and overlong UTF-8, which hide a character from
/// whoever decodes strictly), entities of HTML, escapes of JSON and scripts, UTF-7, full-width letters and letters without width. What
/// comes out is never longer than what went in.
/// </summary>
internal static class Decoder
{
    // Each name, and the character behind it.
    private static readonly FrozenDictionary<string, char> Entities = """
        lt< gt> quot" amp& apos' colon: lpar( rpar) sol/ bsol\ excl! num# semi; equals= lbrace{ rbrace} lcub{ rcub} lbrack[ rbrack] lsqb[ rsqb]
        grave` dollar$ comma, period. ast* plus+ percnt% vert| verbar| commat@ lowbar_
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(entry => (Name: entry[..^1], Sign: entry[^1]))
        .Concat([(Name: "nbsp", Sign: ' '), (Name: "tab", Sign: '\t'), (Name: "newline", Sign: '\n')])
        .ToFrozenDictionary(entry => entry.Name, entry => entry.Sign, StringComparer.OrdinalIgnoreCase);

    public static bool TryDecode(ReadOnlySpan<char> text, Span<char> decoded, out int length)
    {
        // A form writes spaces as plus signs; where there are spaces, a plus is a plus.
        var plusIsSpace = text.Contains('+') && !text.Contains(' ') && !Base64Text.IsWhole(text);
        var (changed, index) = (false, 0);
        length = 0;
        while (index < text.Length)
        {
            var rest = text[index..];
            var (read, code) = text[index] switch
            {
                '%' => Percent(rest),
                '&' => Entity(rest),
                '\\' => Escape(rest),
                '+' when Utf7(rest) is { Read: > 0 } wide => wide,
                '+' when plusIsSpace => (1, ' '),
                '0' => Number(rest),
                >= '\uFF01' and <= '\uFF5E' => (1, text[index] - 0xFEE0),
                '\u02B9' or '\u02BC' or '\u2032' or '\u2018' or '\u2019' => (1, '\''),
                '\u2044' or '\u2215' or '\uF025' or '\uEFC8' => (1, '/'),
                '\u2216' => (1, '\\'),

                // Cut to a byte, as careless servers do, they are a line break.
                > '\u00FF' when IsHalfBreak(text, index) => (1, text[index] & 0xFF),
                '\u560A' or '\u560D' when index + 1 < text.Length && char.IsAsciiLetter(text[index + 1]) => (1, text[index] & 0xFF),
                '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u00AD' => (1, -1),
                _ => (0, 0),
            };
            changed |= read > 0;
            index += Math.Max(1, read);
            if (read == 0)
                decoded[length++] = rest[0];
            else if (code > char.MaxValue)
                length += new Rune(code).EncodeToUtf16(decoded[length..]);
            else if (code >= 0)
                decoded[length++] = (char)code;
        }

        return changed;
    }

    /// <summary>Two letters of one block in a row whose lower bytes are CR and LF: no language has them side by side.</summary>
    private static bool IsHalfBreak(ReadOnlySpan<char> text, int index)
    {
        var one = text[index];
        if ((one & 0xFF) is not ('\r' or '\n'))
            return false;
        var other = (char)(one ^ '\r' ^ '\n');
        return (index > 0 && text[index - 1] == other) || (index + 1 < text.Length && text[index + 1] == other);
    }

    private static (int Read, int Code) Percent(ReadOnlySpan<char> text)
    {
        if (text.Length >= 6 && text[1] is 'u' or 'U' && TryHex(text.Slice(2, 4), out var wide))
            return (6, wide);
        if (!TryByte(text, 0, out var first))
            return (0, 0);

        // C0 and C1 begin nothing: readers who do not know either take the bits, so that C0 2F is a slash, or pass over them.
        if (first is 0xC0 or 0xC1 && (!TryByte(text, 3, out var loose) || loose < 0x80))
        {
            var bits = ((first & 1) << 6) | (loose & 0x3F);
            return bits is '/' or '\\' or '.' ? (6, bits) : (3, -1);
        }

        // By the bits alone: C0 AF is a slash to readers who do not look whether it is the shortest form.
        var more = first switch { >= 0xFE => 0, >= 0xFC => 5, >= 0xF8 => 4, >= 0xF0 => 3, >= 0xE0 => 2, >= 0xC0 => 1, _ => 0 };
        var code = more == 0 ? first : first & (0x3F >> more);
        for (var i = 1; i <= more; i++)
        {
            if (!TryByte(text, 3 * i, out var next) || (next & 0xC0) != 0x80)
                return (3, first);
            code = (code << 6) | (next & 0x3F);
        }

        return (3 + (3 * more), Rune.IsValid(code) ? code : '\uFFFD');
    }

    /// <summary>0x2e and 0x2f, as some programs write a dot and a slash; with more digits it is a number.</summary>
    private static (int Read, int Code) Number(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || text[1] is not ('x' or 'X') || !TryHex(text.Slice(2, 2), out var code) || code is not ('.' or '/' or '\\'))
            return (0, 0);
        return text[4..] is [] or ['0', 'x' or 'X', ..] || !char.IsAsciiHexDigit(text[4]) ? (4, code) : (0, 0);
    }

    private static bool TryByte(ReadOnlySpan<char> text, int at, out int value)
    {
        value = 0;
        return text.Length >= at + 3 && text[at] == '%' && TryHex(text.Slice(at + 1, 2), out value);
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out int value)
        => int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static (int Read, int Code) Entity(ReadOnlySpan<char> text)
    {
        if (text.Length > 3 && text[1] == '#')
        {
            var hex = text[2] is 'x' or 'X';
            var (start, code) = (hex ? 3 : 2, 0);
            var end = start;
            while (end < text.Length && end < start + 9 && (hex ? char.IsAsciiHexDigit(text[end]) : char.IsAsciiDigit(text[end])))
                code = (code * (hex ? 16 : 10)) + Convert.ToInt32(text[end++].ToString(), 16);
            if (end == start)
                return (0, 0);
            return (end < text.Length && text[end] == ';' ? end + 1 : end, Rune.IsValid(code) ? code : '\uFFFD');
        }

        var close = text[..Math.Min(text.Length, 10)].IndexOf(';');
        return close > 1 && Entities.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[1..close], out var named) ? (close + 1, named) : (0, 0);
    }

    private static (int Read, int Code) Escape(ReadOnlySpan<char> text)
    {
        if (text.Length < 2)
            return (0, 0);
        switch (text[1])
        {
            case 'u' when text.Length >= 6 && TryHex(text.Slice(2, 4), out var code):
                return (6, code);
            case 'u' when text is [_, _, '{', ..] && text[..Math.Min(text.Length, 12)].IndexOf('}') is > 3 and var close && TryHex(text[3..close], out var code):
                return (close + 1, Rune.IsValid(code) ? code : '\uFFFD');
            case 'x' when text.Length >= 4 && TryHex(text.Slice(2, 2), out var code):
                return (4, code);
            case >= '0' and <= '3' when text.Length >= 4 && text[2] is >= '0' and <= '7' && text[3] is >= '0' and <= '7':
                return (4, ((text[1] - '0') * 64) + ((text[2] - '0') * 8) + text[3] - '0');
            default:
                return text[1] switch { 'n' => (2, '\n'), 'r' => (2, '\r'), 't' => (2, '\t'), '"' or '\'' or '/' or '.' => (2, text[1]), _ => (0, 0) };
        }
    }

    /// <summary>+ADw- is a smaller-than sign in UTF-7. One character at a time: more stand in a row seldom, and then each in its own.</summary>
    private static (int Read, int Code) Utf7(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[3];
        if (text.Length < 5 || text[1] != 'A' || text[4] != '-' || !Convert.TryFromBase64Chars(string.Concat(text.Slice(1, 3), "A"), bytes, out _))
            return (0, 0);
        return (5, (bytes[0] << 8) | bytes[1]);
    }
}
