using System.Buffers;
using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>Finds line breaks that begin a header of HTTP or of mail, or a command of a protocol, and those where a field has one line.</summary>
internal static class LineJudge
{
    private const int MaxName = 40;
    private const int MaxBefore = 60;

    private static readonly FrozenSet<string> Headers = Words.Set(
        """
        set-cookie location content-type content-length content-disposition content-transfer-encoding transfer-encoding host refresh link
        status server connection access-control-allow-origin x-forwarded-for x-forwarded-host x-xss-protection content-security-policy
        cache-control last-modified etag vary cookie authorization referer user-agent origin expires pragma mime-version bcc cc reply-to
        return-path x-mailer x-original-url x-rewrite-url
        """);

    private static readonly FrozenSet<string> MailHeaders = Words.Set("to from subject date sender cc bcc");

    // A protocol that is spoken in lines, to a server that the value is passed on to: HTTP, SMTP, Redis, IMAP (a tag, and then these).
    private static readonly string[] Commands =
        ["HTTP/", "GET /", "POST /", "PUT /", "HELO ", "EHLO ", "VRFY ", "RCPT TO:", "MAIL FROM:", "SLAVEOF ", "CONFIG SET ", "EVAL ", "FLUSHALL"];

    private static readonly string[] LetterHeads = ["From:", "To:"];
    private static readonly string[] TaggedCommands = ["LOGIN", "LOGOUT", "SELECT", "FETCH", "LIST", "STATUS", "AUTHENTICATE"];
    private static readonly SearchValues<char> NoName = SearchValues.Create(" .,(){}[]'\"/\\<>=;&");

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        for (var at = value.IndexOfAny('\r', '\n'); at >= 0 && !found.IsAttack; at = Next(value, at))
        {
            var line = value[(at + 1)..].TrimStart("\r\n\t ");
            var breaks = value[at..^line.Length];

            // line-break: the headers end, and a body of the attacker's begins. People who write paragraphs have fields of several lines.
            var isBlank = breaks.Trim(" \t") is ['\r', '\n', '\r', '\n', ..] && !line.IsEmpty;
            if (isBlank && (!text.Kind.HasLines() || (text.IsDecoded && line[0] == '<')))
                found.Hit(Rules.LineBreak);
            if (line.IsEmpty)
                return;
            var before = value[..at];
            at = value.Length - line.Length - 1;
            JudgeLine(text, before, line[..(line.IndexOfAny('\r', '\n') is >= 0 and var end ? end : line.Length)], found);
        }
    }

    private static int Next(ReadOnlySpan<char> value, int at) => value[(at + 1)..].IndexOfAny('\r', '\n') is >= 0 and var next ? at + 1 + next : -1;

    private static void JudgeLine(Text text, ReadOnlySpan<char> before, ReadOnlySpan<char> line, Inspection found)
    {
        if (IsCommand(line) && !text.IsProse(before.Length))
            found.Hit(Rules.LineHeader);
        var colon = line[..Math.Min(line.Length, MaxName)].IndexOf(':');
        if (colon <= 0 || line[colon..].StartsWith("::"))
            return;
        var name = line[..colon].TrimEnd();
        var said = line[(colon + 1)..];

        // line-header: where there is one line, every header is somebody's on purpose; so is one that was hidden in an encoding.
        var isHidden = text.IsDecoded && !text.IsSentence && !said.StartsWith("//") && before.Length < MaxBefore;
        if ((!text.Kind.HasLines() || isHidden) && name.Length > 1 && !name.ContainsAny(NoName))
            found.Hit(Rules.LineHeader);
        else if (Headers.Has(name) && (!text.IsSentence || (IsCopy(name, said) && !IsLetter(before))))
            found.Hit(Rules.LineHeader);

        // A message has "Date:" too; behind an address, and nothing else, it is a header of the mail to that one.
        else if (MailHeaders.Has(name) && IsAddress(before))
            found.Hit(Rules.LineHeader);
    }

    private static bool IsCommand(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd();
        if (line is "DATA" or "RSET" or "QUIT" || line.StartsWithAny(Commands))
            return true;
        var space = line.IndexOf(' ');
        var isTag = space is > 1 and < 6 && char.IsAsciiLetter(line[0]) && !line[1..space].ContainsAnyExceptInRange('0', '9');
        return isTag && line[(space + 1)..].StartsWithAny(TaggedCommands);
    }

    /// <summary>Cc: and Bcc: with an address.</summary>
    private static bool IsCopy(ReadOnlySpan<char> name, ReadOnlySpan<char> said) => name.Length <= 3 && said.Contains('@');

    /// <summary>A letter that somebody pasted begins with headers itself.</summary>
    private static bool IsLetter(ReadOnlySpan<char> before) => before.TrimStart().StartsWithAny(LetterHeads, StringComparison.OrdinalIgnoreCase);

    /// <summary>One word, such as an address or a name; or a name and an address: Eve &lt;eve@example.org>.</summary>
    private static bool IsAddress(ReadOnlySpan<char> before)
    {
        var address = Text.Near(before).Trim();
        if (address.ContainsAny("\n:"))
            return false;
        return !address.Contains(' ') || (address is [.., '>'] && address.Contains('<') && address.Contains('@'));
    }
}
