using System.Buffers;
using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>
/// Finds HTML that runs: reads tags and attributes as a browser does, which forgives slashes for spaces, missing quotes and a missing end.
/// </summary>
internal static class HtmlJudge
{
    private static readonly SearchValues<char> TagEnd = SearchValues.Create(" \t\r\n\f\v/>\"'=<`\0");
    private static readonly SearchValues<char> NameEnd = SearchValues.Create(" \t\r\n\f\v/>=<\0");

    // What loads, runs or redirects by being there.
    private static readonly FrozenSet<string> Active = Words.Set(
        "iframe object embed applet meta base link frameset frame bgsound layer portal xml isindex animate set handler listener");

    private static readonly string[] ServerTags = ["!--#", "?php", "?=", "?import"];
    private static readonly string[] StyleScripts = ["expression", "ession(", "url(", "behavior", "-moz-binding", "@import"];

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        for (var at = value.IndexOf('<'); at >= 0 && at + 1 < value.Length; at = NextTag(value, at + 1))
        {
            var rest = value[(at + 1)..];
            if (rest.StartsWithAny(ServerTags, StringComparison.OrdinalIgnoreCase))
                found.Hit(Rules.XssTag);
            if (char.IsAsciiLetter(rest[0]))
                JudgeTag(text, at, rest, found);
            else if (rest[0] is '/' or '\0' && rest[1..].StartsWith("script", StringComparison.OrdinalIgnoreCase) && !text.IsSentence)
                found.Hit(Rules.XssTag);
            if (found.IsAttack)
                return;
        }

        JudgeLooseHandler(text, found);
    }

    private static int NextTag(ReadOnlySpan<char> value, int from) => value[from..].IndexOf('<') is >= 0 and var next ? from + next : -1;

    private static void JudgeTag(Text text, int at, ReadOnlySpan<char> rest, Inspection found)
    {
        var end = rest.IndexOfAny(TagEnd) is >= 0 and var stop ? stop : rest.Length;
        var tag = rest[..end];
        found.Hit(Rules.XssMarkup);

        // x"><img src=//...: the attribute and the element that the value stood in are closed. <style>@import '//...'.
        if (text.Value[..at] is [.., '"' or '\'', '>'] && !text.Value[..at].Contains('<'))
            found.Hit(Rules.XssTag);
        if (tag.Equals("style", StringComparison.OrdinalIgnoreCase) && IsActiveStyle(Text.Near(rest)))
            found.Hit(Rules.XssTag);
        if (tag.Equals("script", StringComparison.OrdinalIgnoreCase) && IsScript(text, at, Text.Near(rest[end..])))
            found.Hit(Rules.XssTag);
        var attributes = rest[end..];
        if (Active.Has(tag[(tag.IndexOf(':') + 1)..]) && HasAttribute(Text.Near(attributes)))
            found.Hit(Rules.XssTag);
        JudgeAttributes(attributes, found);
    }

    private static bool HasAttribute(ReadOnlySpan<char> rest)
    {
        var close = rest.IndexOf('>');
        return (close < 0 ? rest : rest[..close]).IndexOf('=') > 0;
    }

    /// <summary>A script element with a content or a source; alone in a sentence it is what the sentence is about.</summary>
    private static bool IsScript(Text text, int at, ReadOnlySpan<char> rest)
    {
        var close = rest.IndexOf('>');
        var attributes = close < 0 ? rest : rest[..close];
        if (attributes.Contains('='))
            return !text.IsSentence || attributes.Contains("//", StringComparison.Ordinal) || attributes.Contains(':');
        if (close < 0)
            return true;
        var content = rest[(close + 1)..];
        return !text.IsProse(at) || (content.ContainsAny("(`=[") && (!content.Contains(' ') || content.Contains("</", StringComparison.Ordinal)));
    }

    /// <summary>The attributes up to the end of the tag, each looked at once.</summary>
    private static void JudgeAttributes(ReadOnlySpan<char> rest, Inspection found)
    {
        var index = 0;
        while (index < rest.Length && rest[index] is not ('>' or '<'))
        {
            if (NameEnd.Contains(rest[index]) || rest[index] is '"' or '\'')
            {
                index++;
                continue;
            }

            var length = rest[index..].IndexOfAny(NameEnd) is >= 0 and var stop ? stop : rest.Length - index;
            var name = rest.Slice(index, length).Trim("\"'");
            index = Text.SkipSpaces(rest, index + length);
            if (index >= rest.Length || rest[index] != '=')
                continue;
            index = Text.SkipSpaces(rest, index + 1);
            var value = AttributeValue(rest, ref index);
            if (IsHandler(name, value))
                found.Hit(Rules.XssHandler);
            if (name.Equals("srcdoc", StringComparison.OrdinalIgnoreCase) || name.Equals("formaction", StringComparison.OrdinalIgnoreCase)
                || ScriptJudge.IsScriptUrl(value) || (name.Equals("style", StringComparison.OrdinalIgnoreCase) && IsActiveStyle(value)))
                found.Hit(Rules.XssUrl);
        }
    }

    private static bool IsActiveStyle(ReadOnlySpan<char> style)
    {
        foreach (var script in StyleScripts)
        {
            if (style.Contains(script, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> AttributeValue(ReadOnlySpan<char> rest, ref int index)
    {
        if (index >= rest.Length)
            return default;
        var start = index;
        int length;
        if (rest[index] is '"' or '\'')
        {
            start++;
            length = rest[start..].IndexOf(rest[index]);
            index = length < 0 ? rest.Length : start + length + 1;
        }
        else
        {
            length = rest[start..].IndexOfAny(" \t\r\n>");
            index = length < 0 ? rest.Length : start + length;
        }

        return length < 0 ? rest[start..] : rest.Slice(start, length);
    }

    private static bool IsHandler(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
        => name.Length > 4 && name.StartsWith("on", StringComparison.OrdinalIgnoreCase) && !name[2..].ContainsAnyExceptInRange('A', 'z') && !value.IsEmpty;

    /// <summary>A handler outside of a tag: it closes the attribute that its value stands in and opens the next.</summary>
    private static void JudgeLooseHandler(Text text, Inspection found)
    {
        var value = text.Value;
        for (var at = Text.Find(value, "on", 0); at >= 0 && at + 6 < value.Length; at = Text.Find(value, "on", at + 2))
        {
            if (at > 0 && value[at - 1] is not (' ' or '\t' or '\r' or '\n' or '\f' or '\v' or '/' or '"' or '\'' or '`'))
                continue;
            var end = at;
            while (end < value.Length && char.IsAsciiLetter(value[end]))
                end++;
            var sign = Text.SkipSpaces(value, end);
            if (end - at < 5 || sign >= value.Length || value[sign] != '=' || !(at == 0 || value[..at].ContainsAny("\"'`/>")))
                continue;
            var index = Text.SkipSpaces(value, sign + 1);
            var script = AttributeValue(value, ref index);
            if (script.ContainsAny("(`&") || (!script.IsEmpty && ScriptJudge.IsSink(script)))
                found.Hit(Rules.XssHandler);
        }
    }
}
