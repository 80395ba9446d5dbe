using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>Finds expressions between the marks of template engines. A bare name between them is a placeholder that somebody writes about.</summary>
internal static class TemplateJudge
{
    private static readonly SearchValues<char> Openings = SearchValues.Create("{<[#@");

    private static readonly SearchValues<char> Operators = SearchValues.Create("*+-/%");

    // Of FreeMarker, behind <#.
    private static readonly string[] Directives = ["assign", "include", "list"];

    private static readonly string[] Secrets =
    [
        "__", "class", "config", "self", "request", "constructor", "getRuntime", "forName", "Runtime", "system", "lipsum", "cycler",
        "joiner", "url_for", "get_flashed", "dump(", "app.", "settings", "smarty", "phpinfo", "freemarker", "#context", "@java", "java.",
        "T(", "ognl", "import ", "range.", "mixer", "process", "require", "passwd", "exec", "debug", "env", "include",
    ];

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        for (var at = 0; at + 2 < value.Length && !found.IsAttack; at++)
        {
            if (value[at..].IndexOfAny(Openings) is not (>= 0 and var next) || at + next + 2 >= value.Length)
                return;
            at += next;

            // What opens and opens again has one that opens last.
            if (at > 0 && value[at] is '{' or '[' && value[at - 1] == value[at] && value[at + 1] == value[at])
                continue;
            var (mark, close) = Mark(value, at);
            if (close.Length == 0)
                continue;
            var inner = Text.Near(value[(at + mark)..]);
            var end = inner.IndexOf(close);
            if (end < 0 && mark < 2)
                continue;
            inner = end < 0 ? inner[..Math.Min(inner.Length, 200)] : inner[..end];
            var doubled = mark > 1 || (at > 0 && value[at - 1] is '$' or '#' or '*' or '@' or '%' or '~');
            var isSmarty = mark == 1 && (inner is "php" || inner.StartsWith("$smarty"));
            if (IsArithmetic(inner, doubled) || isSmarty || (doubled && IsExpression(inner, text, at, close)))
                found.Hit(Rules.TemplateExpression);
        }
    }

    private static (int Length, string Close) Mark(ReadOnlySpan<char> value, int at)
    {
        var rest = value[at..];
        return rest[0] switch
        {
            '{' when rest[1] == '{' => (2, "}}"),
            '{' when rest[1] == '%' => (2, "%}"),
            '{' => (1, "}"),
            '<' when rest[1] == '%' => (2, "%>"),
            '<' when rest[1] == '#' => (2, ">"),
            '[' when rest[1] is '[' => (2, "]]"),
            '[' when rest[1] == '#' => (2, "]"),
            '#' when rest.StartsWith("#set(") => (5, ")"),
            '@' when rest[1] == '(' => (2, ")"),
            _ => (0, ""),
        };
    }

    /// <summary>7*7, 7*'7' and the like: the sum that tells an intruder that it is computed.</summary>
    private static bool IsArithmetic(ReadOnlySpan<char> inner, bool doubled)
    {
        if (!inner.ContainsAny(Operators))
            return false;
        inner = inner.Trim(" \t\r\n={}[$#(");
        var sign = inner.IndexOfAny(Operators);
        if (sign <= 0 || inner.Length > 40)
            return false;

        // Single braces are a set, or a person's aside: {2 - 3}.
        var isMeant = doubled || (inner[sign] == '*' && !inner.Contains(' '));
        return isMeant && IsNumber(inner[..sign].Trim(" '\"")) && IsNumber(inner[(sign + 1)..].Trim(" '\"*)}]"));
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsExpression(ReadOnlySpan<char> inner, Text text, int at, string close)
    {
        var alone = text.IsOneWord || !text.IsSentence;
        if (inner.Contains("__", StringComparison.Ordinal) || inner.StartsWith("T(") || inner.Contains("getRuntime", StringComparison.Ordinal))
            return true;
        if (inner.StartsWith("=") && inner.ContainsAny("*(`"))
            return true;
        if (close is "%>" or "%}")
            return alone && (inner.ContainsAny("(.=*") || HasSecret(inner));
        if (close == ">")
            return inner.StartsWithAny(Directives, StringComparison.OrdinalIgnoreCase);
        if (!alone || close == "]]")
            return false;
        if (inner.ContainsAny("(["))
            return inner.Length < 3 || !text.IsProse(at);
        return at < 4 && HasSecret(inner);
    }

    private static bool HasSecret(ReadOnlySpan<char> inner)
    {
        foreach (var secret in Secrets)
        {
            if (inner.Contains(secret, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
