using System.Buffers;
using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>Finds scripts outside of markup: addresses that run one, and calls of what an attacker calls first, behind a literal's end.</summary>
internal static class ScriptJudge
{
    // Called, they run something, or show that something was run.
    private static readonly FrozenSet<string> Sinks = Words.Set(
        "alert prompt confirm eval fetch import setTimeout setInterval Function atob execScript print XMLHttpRequest globalThis constructor",
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> Objects = Words.Set(
        "document window self top parent location String navigator localStorage globalThis frames this", StringComparer.Ordinal);

    private static readonly FrozenSet<string> Members = Words.Set(
        """
        cookie write writeln location domain fromCharCode href replace assign alert eval open getItem body documentElement sendBeacon name
        onerror constructor confirm prompt
        """,
        StringComparer.Ordinal);

    private static readonly string[] Callers = [".call(", ".apply(", ".bind("];
    private static readonly string[] ActiveTypes = ["text/html", "image/svg", "text/xml", "application/x", "text/javascript", ","];
    private static readonly SearchValues<char> Running = SearchValues.Create("(`/=%\\[+");

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        for (var colon = value.IndexOf(':'); colon >= 0; colon = value[(colon + 1)..].IndexOf(':') is >= 0 and var next ? colon + 1 + next : -1)
        {
            if (colon >= 4 && IsScriptUrlAt(value, colon))
                found.Hit(Rules.XssUrl);
        }

        if (value.ContainsAny("(`=["))
            JudgeCalls(text, found);
    }

    /// <summary>Whether a value of an attribute is an address that runs a script. Browsers pass over white space and control characters in it.</summary>
    public static bool IsScriptUrl(ReadOnlySpan<char> value)
    {
        var colon = value.IndexOf(':');
        if (colon < 0)
            return Text.Find(value, "&colon", 0) >= 0 && Text.Find(value, "script", 0) >= 0;
        var scheme = value[..colon];
        return EndsWith(scheme, "javascript") || EndsWith(scheme, "vbscript") || EndsWith(scheme, "livescript")
            || (EndsWith(scheme, "data") && IsActiveData(value[(colon + 1)..]));
    }

    /// <summary>A name that attackers call or send away.</summary>
    public static bool IsSink(ReadOnlySpan<char> script)
    {
        var word = script[..Text.WordEnd(script, 0)];
        return Sinks.Has(word) || Objects.Has(word);
    }

    /// <summary>A book may be called "JavaScript: The Good Parts"; an address goes on without a space.</summary>
    private static bool IsScriptUrlAt(ReadOnlySpan<char> value, int colon)
    {
        if (value[colon - 1] is 'a' or 'A')
            return EndsWith(value[..colon], "data") && IsActiveData(value[(colon + 1)..]);
        if (!EndsWith(value[..colon], "javascript") && !EndsWith(value[..colon], "vbscript"))
            return false;
        var script = Text.Near(value[(colon + 1)..]);
        if (!script.IsEmpty && !char.IsWhiteSpace(script[0]))
            return script.ContainsAny(Running);
        script = script.TrimStart();
        return script.StartsWith("//") || IsCall(script);
    }

    private static bool IsCall(ReadOnlySpan<char> script)
        => IsSink(script) && Text.WordEnd(script, 0) is var end && end < script.Length && script[end] is '(' or '`' or '.' or '[';

    private static bool IsActiveData(ReadOnlySpan<char> data) => data.TrimStart().StartsWithAny(ActiveTypes, StringComparison.OrdinalIgnoreCase);

    /// <summary>Compares from the end backwards, so that it costs what the scheme is long.</summary>
    private static bool EndsWith(ReadOnlySpan<char> text, string scheme)
    {
        var left = scheme.Length;
        for (var index = text.Length - 1; index >= 0 && left > 0; index--)
        {
            if (text[index] is '\t' or '\r' or '\n' || (text[index] <= ' ' && left < scheme.Length))
                continue;
            if (char.ToLowerInvariant(text[index]) != scheme[left - 1])
                return false;
            left--;
        }

        return left == 0;
    }

    private static void JudgeCalls(Text text, Inspection found)
    {
        var value = text.Value;
        for (var index = 0; index < value.Length && !found.IsAttack;)
        {
            if (!char.IsAsciiLetter(value[index]))
            {
                index++;
                continue;
            }

            var end = Text.WordEnd(value, index);
            if ((index == 0 || !(Text.IsWordChar(value[index - 1]) || value[index - 1] is '.' or '$')) && IsInjected(text, value[index..end], index, end))
                found.Hit(Rules.XssScript);
            index = end;
        }
    }

    private static bool IsInjected(Text text, ReadOnlySpan<char> word, int start, int end)
    {
        var value = text.Value;
        var sink = Sinks.Has(word);
        if (!sink && !Objects.Has(word))
            return false;
        var next = Text.SkipSpaces(value, end);
        if (next < value.Length - 1 && value[next] == '?' && value[next + 1] == '.')
            next += 2;
        while (next < value.Length && value[next] is ')' or ']')
            next++;
        if (next >= value.Length)
            return false;
        var called = sink ? (value[next] is '(' or '`' && value[next - 1] != ' ') || value[next..].StartsWithAny(Callers) : IsDangerousMember(value, next);
        return called && !text.IsProse(start) && IsBreakout(value[..start]);
    }

    private static bool IsDangerousMember(ReadOnlySpan<char> value, int at)
    {
        if (value[at] == '[')
            return at + 1 < value.Length && value[at + 1] is '"' or '\'' or '`' or '/' or '\\' or '(' or '8';
        if (value[at] == '=')
            return Text.SkipSpaces(value, at + 1) is var right && right < value.Length && value[right] is '"' or '\'' or '`' or '/';
        if (value[at] != '.')
            return false;
        var member = value[(at + 1)..Text.WordEnd(value, at + 1)];
        return Members.Has(member);
    }

    /// <summary>Whether what is before ends a literal or begins the value; in code that is only shown, words and brackets stand there.</summary>
    private static bool IsBreakout(ReadOnlySpan<char> before)
    {
        var lead = before.TrimEnd(" \t\r\n([{!+~-");
        if (lead.IsEmpty)
            return true;
        return lead[^1] switch
        {
            '"' or '\'' or '`' or '*' or '/' or '^' or '|' or '&' or '>' or '<' or '?' or '%' => true,

            // Code has these too; an attack has a quote in front of them that it closed, or nothing.
            ';' or ',' or '}' or '=' or ':' or ')' => lead.Length < 3 || lead.ContainsAny("'\"`<>"),
            _ => false,
        };
    }
}
