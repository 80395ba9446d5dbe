using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace SecureShop.Firewall;

/// <summary>Text wrapped in Base64, of either alphabet and with or without padding: the whole value, or a long run in it.</summary>
internal static class Base64Text
{
    private const int MinWhole = 4;
    private const int MinRun = 16;
    private const int MaxRuns = 8;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    /// <summary>Whether a text without marks may be one: a single word, and not of small letters or digits alone.</summary>
    public static bool IsPossible(ReadOnlySpan<char> text)
        => text.Length >= MinWhole && !text.Contains(' ') && text.ContainsAnyInRange('A', 'Z');

    public static bool IsWhole(ReadOnlySpan<char> text) => text.Length % 4 == 0 && !text.TrimEnd('=').ContainsAnyExcept(Alphabet);

    /// <summary>The places of such runs, a few at most.</summary>
    public static List<Range> Runs(ReadOnlySpan<char> text)
    {
        List<Range> runs = [];
        for (var index = 0; index < text.Length && runs.Count < MaxRuns;)
        {
            var length = text[index..].IndexOfAnyExcept(Alphabet) is >= 0 and var end ? end : text.Length - index;
            var whole = index == 0 && length >= MinWhole && text[length..].Trim('=').IsEmpty;
            if (whole || (length >= MinRun && text.Slice(index, length).ContainsAnyInRange('A', 'Z')))
                runs.Add(index..(index + length));
            index += Math.Max(1, length);
        }

        return runs;
    }

    /// <summary>Decodes one, if what is in it is text.</summary>
    public static bool TryRead(ReadOnlySpan<char> run, Span<char> text, out int length)
    {
        length = 0;
        if (run.Length % 4 == 1)
            return false;
        var bytes = ArrayPool<byte>.Shared.Rent(run.Length);
        try
        {
            return TryDecode(run, bytes, out var count) && TryText(bytes.AsSpan(0, count), text, out length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> run, Span<byte> bytes, out int count)
    {
        var normal = ArrayPool<char>.Shared.Rent(run.Length);
        run.CopyTo(normal);
        var url = normal.AsSpan(0, run.Length);
        url.Replace('+', '-');
        url.Replace('/', '_');

        // Bits that are left over at the end say nothing, and careless decoders do not mind them: neither do we.
        var done = Base64Url.DecodeFromChars(url, bytes, out var read, out count) == OperationStatus.Done || (count > 0 && run.Length - read <= 4);
        ArrayPool<char>.Shared.Return(normal);
        return done;
    }

    private static bool TryText(ReadOnlySpan<byte> bytes, Span<char> text, out int length)
    {
        // PowerShell's -EncodedCommand is UTF-16.
        if (bytes.Length > 4 && bytes.Length % 2 == 0 && bytes[1] == 0 && bytes[3] == 0)
            length = Encoding.Unicode.GetChars(bytes, text);
        else if (Utf8.ToUtf16(bytes, text, out _, out length, replaceInvalidSequences: false) != OperationStatus.Done)
            return false;

        // Numbers and names decode to something too: to bytes that nobody writes.
        foreach (var one in text[..length])
        {
            if (char.IsControl(one) && one is not ('\t' or '\r' or '\n' or '\0'))
                return false;
        }

        return length > 0;
    }
}
