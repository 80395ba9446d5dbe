namespace SecureShop.Firewall;

/// <summary>Finds filters of LDAP that close the one that they were put into, and open another: brackets around attributes and signs.</summary>
internal static class LdapJudge
{
    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        for (var at = value.IndexOfAny('(', ')', '*'); at >= 0; at = value[(at + 1)..].IndexOfAny('(', ')', '*') is >= 0 and var next ? at + 1 + next : -1)
        {
            if (IsFilter(text, value[..at], Text.Near(value[at..])))
            {
                found.Hit(Rules.LdapFilter);
                return;
            }
        }
    }

    private static bool IsFilter(Text text, ReadOnlySpan<char> before, ReadOnlySpan<char> rest)
    {
        var word = before.Length < 40 && !before.ContainsAny(" (");

        // *)(uid=*, x)(|(cn=*, *))%00: what closes stands at the beginning, behind a word at most.
        if (rest[0] == '*')
            return word && rest.Length > 1 && (rest[1..].StartsWith(")(") || rest[1..].StartsWith("))") || rest[1..].StartsWith("()|") || rest[1..].StartsWith("(|(") || rest[1..].StartsWith(")&") || rest[1..].StartsWith(")|"))
                || (word && before.IsEmpty && rest[1..].StartsWith("|"));
        if (rest[0] == ')')
        {
            // The first of a row has looked behind the last.
            if (before is [.., ')'])
                return false;
            var inner = rest[1..].TrimStart(") ");
            if (inner is not ['(', ..])
                return false;
            inner = inner[1..];
            return IsJunction(inner) || (IsAssertion(inner) && (word || !text.IsSentence));
        }

        // (&(a=b)(c=d)), (|(a=*)): a filter as a whole.
        return (IsJunction(rest[1..]) && rest.Length > 2 && (rest[1] != '!' || IsAssertion(rest[3..])) && (IsAssertion(rest[3..]) || word)) || (rest[1..] is [var attribute, ..] && char.IsAsciiLetter(attribute) && IsPresence(rest[1..]));
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
        return text[end] == '=' ? !(end + 1 < text.Length && text[end + 1] is '=' or '>') : text[end] is '~' or '>' or '<' && end + 1 < text.Length && text[end + 1] == '=';
    }

    /// <summary>attribute=*): whether it is there at all, as a filter asks and nobody else.</summary>
    private static bool IsPresence(ReadOnlySpan<char> text)
    {
        var sign = text.IndexOf('=');
        return sign is > 0 and < 40 && IsAssertion(text) && text[(sign + 1)..].StartsWith("*)");
    }
}
