using System.Buffers;
using System.Text;

namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>
/// Makes a console line harmless to look at: escape sequences are taken out, and other control characters, as well as
/// those that turn the direction of writing (they make a line read as another), become a visible sign.
/// </summary>
internal static class PlainText
{
    private const char Escape = '\u001b';
    private const char ControlSequence = '\u009b';
    private const char Bell = '\u0007';
    private const char Instead = '\uFFFD';

    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Select(code => (char)code).Where(c => c != '\t'),
        .. Enumerable.Range(0x7f, 0x21).Select(code => (char)code),
        '\u200e', '\u200f', '\u2028', '\u2029', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

    public static string From(string line, int longest)
    {
        if (line.Length <= longest && !line.AsSpan().ContainsAny(Suspicious))
            return line;

        // A sequence may take no more room than a line does, so that a megabyte of them is not walked through.
        var source = line.AsSpan(0, Math.Min(line.Length, longest * 2));
        var text = new StringBuilder(Math.Min(source.Length, longest));
        while (!source.IsEmpty && text.Length < longest)
        {
            var plain = source.IndexOfAny(Suspicious);
            var taken = plain < 0 ? source : source[..plain];
            text.Append(taken[..Math.Min(taken.Length, longest - text.Length)]);
            source = source[taken.Length..];
            if (source.IsEmpty)
                break;
            if (source[0] is Escape or ControlSequence)
            {
                source = source[SequenceLength(source)..];
                continue;
            }

            if (source[0] is not '\r' || source.Length > 1)
                text.Append(Instead);
            source = source[1..];
        }

        if (line.Length > longest)
            text.Append('…');
        return text.ToString();
    }

    // ECMA-48: CSI ends with a byte from @ to ~; OSC, DCS, SOS, PM and APC with BEL or ESC \; others are short.
    private static int SequenceLength(ReadOnlySpan<char> source)
    {
        var isShort = source[0] == ControlSequence;
        if (!isShort && source.Length < 2)
            return 1;
        var start = isShort ? 1 : 2;
        if (isShort || source[1] == '[')
        {
            while (start < source.Length && source[start] is >= ' ' and <= '?')
                start++;
            return Math.Min(start + (start < source.Length && source[start] is >= '@' and <= '~' ? 1 : 0), source.Length);
        }

        if (source[1] is ']' or 'P' or 'X' or '^' or '_')
        {
            for (var i = start; i < source.Length; i++)
            {
                if (source[i] == Bell)
                    return i + 1;
                if (source[i] == Escape)
                    return Math.Min(i + 2, source.Length);
            }

            return source.Length;
        }

        while (start - 1 < source.Length && source[start - 1] is >= ' ' and <= '/')
            start++;
        return Math.Min(start, source.Length);
    }
}
