namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>What a query does in a few words: <c>SELECT catalog.products</c>.</summary>
internal static class QuerySummary
{
    private static readonly string[] Verbs = ["SELECT", "INSERT", "UPDATE", "DELETE"];

    /// <summary>The operation and its first table, or null for another kind of statement.</summary>
    public static string? Of(ReadOnlySpan<char> query)
    {
        query = query.TrimStart();
        foreach (var verb in Verbs)
        {
            if (query.StartsWith(verb, StringComparison.OrdinalIgnoreCase) && query.Length > verb.Length && char.IsWhiteSpace(query[verb.Length]))
                return Table(query[verb.Length..], verb) is { Length: > 0 } table ? $"{verb} {table}" : verb;
        }

        return null;
    }

    private static ReadOnlySpan<char> Table(ReadOnlySpan<char> rest, string verb)
    {
        if (verb is not "UPDATE")
        {
            var keyword = verb is "INSERT" ? "INTO " : "FROM ";
            var at = rest.IndexOf(keyword, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return default;
            rest = rest[(at + keyword.Length)..];
        }

        rest = rest.TrimStart();
        var end = rest.IndexOfAnyExcept(Letters);
        return end < 0 ? rest : rest[..end];
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");
}
