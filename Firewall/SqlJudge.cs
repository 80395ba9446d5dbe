using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>
/// Finds SQL by what its tokens say together: a value that ends a literal and goes on as an expression or a statement. SQL's words in a
/// sentence do not: between them stand words that no grammar has there.
/// </summary>
internal static class SqlJudge
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("'\"`=(;#@|&*");
    private static readonly SearchValues<string> Grammar =
        SearchValues.Create(["union ", "union/", "select", "having", "order by", "waitfor"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Catalog =
        SearchValues.Create(["information_schema", "sqlite_master", "sysobjects", "pg_catalog", "pg_shadow", "@@"], StringComparison.OrdinalIgnoreCase);

    private static readonly string[] Starts =
        Words.Split("or and order union select drop insert delete update waitfor truncate having exec create alter");

    /// <summary>Whether a text without marks may go on where a literal of SQL has ended: it begins with a number or a word of the grammar.</summary>
    public static bool IsStart(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        if (text.IsEmpty || char.IsAsciiDigit(text[0]) || text[0] == '-')
            return text.Length > 5 && text.Contains(' ');
        return text.StartsWithAny(Starts, StringComparison.OrdinalIgnoreCase);
    }

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        if (!value.ContainsAny(Marks) && !IsStart(value) && !value.ContainsAny(Grammar))
            return;
        if (value.IndexOfAny(Catalog) is >= 0 and var name && !text.IsProse(name))
            found.Hit(Rules.SqlCatalog);
        JudgeFrom('\0', text, found);
        foreach (var quote in "'\"`")
        {
            if (value.Contains(quote))
                JudgeFrom(quote, text, found);
        }

        // UN/**/ION: a server that takes comments out puts it together.
        if (value.IndexOf("/*") is >= 0 and var comment && value[comment..].Contains("*/", StringComparison.Ordinal))
        {
            var joined = ArrayPool<char>.Shared.Rent(value.Length);
            JudgeFrom('\0', new Text(WithoutComments(value, joined), text.Kind, decoded: true), found);
            ArrayPool<char>.Shared.Return(joined);
        }
    }

    private static void JudgeFrom(char quote, Text text, Inspection found)
    {
        var tokens = SqlTokens.Read(text.Value, quote);
        foreach (var (rule, pattern, believesProse) in SqlGrammar.All)
        {
            foreach (var match in pattern.EnumerateMatches(tokens.Sentence))
            {
                found.Hit(rule, Rules.SqlProse, believesProse && text.IsProse(tokens.PlaceOf(match.Index)));
                if (found.IsAttack)
                    return;
            }
        }
    }

    private static ReadOnlySpan<char> WithoutComments(ReadOnlySpan<char> value, Span<char> joined)
    {
        var (length, index) = (0, 0);
        while (index < value.Length)
        {
            if (value[index..].StartsWith("/*") && value[index..].IndexOf("*/") is > 0 and var end)
                index += end + 2;
            else
                joined[length++] = value[index++];
        }

        return joined[..length];
    }
}
