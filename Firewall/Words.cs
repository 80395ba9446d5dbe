using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>Sets of words, written with spaces between them.</summary>
internal static class Words
{
    public static FrozenSet<string> Set(string words, StringComparer? comparer = null)
        => Split(words).ToFrozenSet(comparer ?? StringComparer.OrdinalIgnoreCase);

    public static string[] Split(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public static bool Has(this FrozenSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    public static bool StartsWithAny(this ReadOnlySpan<char> text, string[] beginnings, StringComparison comparison = StringComparison.Ordinal)
    {
        foreach (var beginning in beginnings)
        {
            if (text.StartsWith(beginning, comparison))
                return true;
        }

        return false;
    }

    public static bool EndsWithAny(this ReadOnlySpan<char> text, string[] ends, StringComparison comparison)
    {
        foreach (var end in ends)
        {
            if (text.EndsWith(end, comparison))
                return true;
        }

        return false;
    }
}
