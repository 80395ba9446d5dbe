using System.Buffers;
using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>Finds operators of MongoDB where a value was expected, as names of JSON or in a parameter's brackets, and scripts for it.</summary>
internal static class NoSqlJudge
{
    private const int MaxScript = 256;

    private static readonly FrozenSet<string> Operators = Words.Set(
        """
        ne eq gt gte lt lte in nin regex where exists or and not nor expr func function accumulator elemMatch size mod all text search jsonSchema options
        set inc push pull unset rename lookup match group project merge out unionWith graphLookup near geoWithin bitsAllSet type comment natural query
        """,
        StringComparer.Ordinal);

    // $type and $comment are in JSON schemas too.
    private static readonly FrozenSet<string> Ambiguous = FrozenSet.Create(StringComparer.Ordinal, "type", "comment", "text", "match", "query", "set");

    private static readonly SearchValues<char> Marks = SearchValues.Create("'\";|&(=");
    private static readonly SearchValues<char> Signs = SearchValues.Create("=!<>(");
    private static readonly SearchValues<char> Digits = SearchValues.Create("'\"0123456789");

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        for (var at = value.IndexOf('$'); at >= 0; at = value[(at + 1)..].IndexOf('$') is >= 0 and var next ? at + 1 + next : -1)
        {
            var end = Text.WordEnd(value, at + 1);
            var name = value[(at + 1)..end];
            if (Operators.Has(name) && IsPlace(text, at, end, name))
                found.Hit(Rules.NoSqlOperator);
        }

        if (value.ContainsAny(";|&({") && value.ContainsAny(Marks) && IsScript(text))
            found.Hit(Rules.NoSqlScript);
    }

    private static bool IsPlace(Text text, int start, int end, ReadOnlySpan<char> name)
    {
        var value = text.Value;
        if (start == 0 && end == value.Length)
            return text.Kind.IsName() && (text.Kind != FieldKind.JsonName || !Ambiguous.Has(name));
        var before = value[..start].TrimEnd(" \t\r\n\"'");
        var after = value[end..].TrimStart(" \t\r\n\"'");
        if (start > 0 && value[start - 1] == '[' && after is [']', ..])
            return true;
        if (start == 0 && text.Kind.IsName() && after is ['[', ..])
            return true;
        return after is [':', ..] && (before.IsEmpty || before[^1] is '{' or ',' or '[');
    }

    private static bool IsScript(Text text)
    {
        var value = text.Value;
        foreach (var call in (ReadOnlySpan<string>)["db.", "this.", "sleep(", "return", "while(1", "while(true", "do{", "tojson(", "injection."])
        {
            for (var at = Text.Find(value, call, 0); at >= 0; at = Text.Find(value, call, at + 1))
            {
                var rest = value[(at + call.Length)..];
                var before = value[..at].TrimEnd();
                var broken = before.IsEmpty ? at == 0 : before[^1] is ';' or '|' or '&' or '{' && (value[0] == ';' || value[..at].ContainsAny(Digits));
                var fits = call switch
                {
                    "db." => rest.ContainsAny("(") && !rest[..rest.IndexOf('(')].Contains(' '),
                    "this." => rest.ContainsAny(Signs) && !rest[..rest.IndexOfAny(Signs)].Trim().Contains(' '),
                    "sleep(" => rest is [>= '0' and <= '9', ..],
                    "return" => !rest.IsEmpty && !char.IsLetter(rest[0]) && !before.IsEmpty,
                    _ => true,
                };
                if (broken && fits && (value[0] == ';' || !text.IsProse(at)))
                    return true;
                if (at > MaxScript)
                    break;
            }
        }

        return false;
    }
}
