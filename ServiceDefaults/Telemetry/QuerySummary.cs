using System.Buffers;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>What a query does in a few words: <c>SELECT catalog.products</c>.</summary>
internal static class QuerySummary
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");

    /// <summary>The operation and its first table, or the operation alone.</summary>
    public static string? Of(ReadOnlySpan<char> query)
    {
        query = query.TrimStart();
        var verb = Word(query);
        if (verb.IsEmpty)
            return null;

        var name = verb.ToString().ToUpperInvariant();
        var table = Table(query[verb.Length..], name);
        return table.IsEmpty ? name : $"{name} {table}";
    }

    private static ReadOnlySpan<char> Table(ReadOnlySpan<char> rest, string verb)
    {
        if (verb is "UPDATE")
            return Word(rest.TrimStart());
        var keyword = verb switch
        {
            "INSERT" => "INTO ",
            "SELECT" or "DELETE" => "FROM ",
            _ => null,
        };

        // "FROM (SELECT ... FROM table": the table is inside.
        while (keyword is not null && rest.IndexOf(keyword, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            rest = rest[(at + keyword.Length)..].TrimStart();
            if (Word(rest) is { IsEmpty: false } table)
                return table;
        }

        return default;
    }

    private static ReadOnlySpan<char> Word(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(Letters);
        return end < 0 ? text : text[..end];
    }
}
