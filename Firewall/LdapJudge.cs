namespace SecureShop.Firewall;

/// <summary>Finds filters of LDAP that close the one that they were put into, and open another: brackets around attributes and signs.</summary>
internal static class LdapJudge
{
    private const int MaxWord = 40;

    // *)(uid=*, *))%00, *()|&': a star that ends a value, and then the end of its filter.
    private static readonly string[] BehindStar = [")(", "))", "()|", "(|(", ")&", ")|"];

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;

        // userPassword:2.5.13.18:=x compares by a rule that the caller names (RFC 4515, section 3).
        if (value.IndexOf(":=") is > 0 and var match && IsMatchingRule(value[..match]))
            found.Hit(Rules.LdapFilter);
        for (var at = value.IndexOfAny('(', ')', '*'); at >= 0; at = value[(at + 1)..].IndexOfAny('(', ')', '*') is >= 0 and var next ? at + 1 + next : -1)
        {
            if (IsFilter(text, value[..at], Text.Near(value[at..])))
            {
                found.Hit(Rules.LdapFilter);
                return;
            }
        }
    }

    private static bool IsMatchingRule(ReadOnlySpan<char> before)
    {
        var rule = before[(before.LastIndexOf(':') + 1)..];
        return rule.Length is > 4 and < MaxWord && rule.Length < before.Length && !rule.ContainsAnyExceptInRange('.', '9') && rule.Count('.') > 1;
    }

    private static bool IsFilter(Text text, ReadOnlySpan<char> before, ReadOnlySpan<char> rest)
    {
        // What closes the filter around it stands at the beginning, behind a word at most.
        var isFirst = before.Length < MaxWord && !before.ContainsAny(" (");
        return rest[0] switch
        {
            '*' => isFirst && (rest[1..].StartsWithAny(BehindStar) || (before.IsEmpty && rest[1..] is ['|', ..])),
            ')' => before is not [.., ')'] && IsNext(text, rest[1..].TrimStart(") "), isFirst),
            _ => IsWhole(rest[1..], isFirst),
        };
    }

    /// <summary>x)(|(cn=*, x)(uid=*: what closes, and opens the next.</summary>
    private static bool IsNext(Text text, ReadOnlySpan<char> next, bool isFirst)
        => next is ['(', ..] && (IsJunction(next[1..]) || (IsAssertion(next[1..]) && (isFirst || !text.IsSentence)));

    /// <summary>(&amp;(a=b)(c=d)), (uid=*): a filter as a whole.</summary>
    private static bool IsWhole(ReadOnlySpan<char> inner, bool isFirst)
    {
        if (inner.Length > 1 && IsJunction(inner))
            return IsAssertion(inner[2..]) || (isFirst && inner[0] != '!');
        return !inner.IsEmpty && char.IsAsciiLetter(inner[0]) && IsPresence(inner);
    }

    private static bool IsJunction(ReadOnlySpan<char> text) => text is ['&' or '|' or '!', '(' or ')', ..] or ['&' or '|'];

    /// <summary>attribute=value, with the signs that LDAP has.</summary>
    private static bool IsAssertion(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && end < 64 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '.' or ';' or ':'))
            end++;
        if (end == 0 || end >= text.Length)
            return false;
        var isTwice = end + 1 < text.Length && text[end + 1] is '=' or '>';
        return text[end] == '=' ? !isTwice : text[end] is '~' or '>' or '<' && end + 1 < text.Length && text[end + 1] == '=';
    }

    /// <summary>attribute=*): whether it is there at all, as a filter asks and nobody else.</summary>
    private static bool IsPresence(ReadOnlySpan<char> text)
    {
        var sign = text.IndexOf('=');
        return sign is > 0 and < 40 && IsAssertion(text) && text[(sign + 1)..].StartsWith("*)");
    }
}
