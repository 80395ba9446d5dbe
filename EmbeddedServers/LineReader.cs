using System.Buffers;
using System.Text;

namespace SecureShop.EmbeddedServers;

/// <summary>Cuts a stream into lines of bounded length.</summary>
internal static class LineReader
{
    /// <summary>Reads to the end; what goes beyond <paramref name="maximum"/> characters of a line is dropped.</summary>
    public static async Task ReadAsync(TextReader reader, int maximum, Action<string> onLine)
    {
        var buffer = ArrayPool<char>.Shared.Rent(4096);
        try
        {
            var line = new StringBuilder();
            int count;
            while ((count = await reader.ReadAsync(buffer.AsMemory())) > 0)
                Split(buffer.AsSpan(0, count), line, maximum, onLine);
            if (line.Length > 0)
                onLine(line.ToString());
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static void Split(ReadOnlySpan<char> text, StringBuilder line, int maximum, Action<string> onLine)
    {
        while (text.IndexOf('\n') is var end and >= 0)
        {
            Append(line, text[..end], maximum);
            onLine(line.ToString().TrimEnd('\r'));
            line.Clear();
            text = text[(end + 1)..];
        }

        Append(line, text, maximum);
    }

    private static void Append(StringBuilder line, ReadOnlySpan<char> text, int maximum)
        => line.Append(text[..Math.Min(text.Length, maximum - line.Length)]);
}
