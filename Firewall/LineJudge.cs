using System.Buffers;
using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>Finds line breaks that begin a header of HTTP or of mail, and those where a field has one line.</summary>
internal static class LineJudge
{
    private static readonly FrozenSet<string> Http = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "set-cookie", "location", "content-type", "content-length", "content-disposition", "transfer-encoding", "host", "refresh", "link", "status", "server", "connection", "access-control-allow-origin",
        "x-forwarded-for", "x-forwarded-host", "x-xss-protection", "content-security-policy", "cache-control", "last-modified", "etag", "vary", "cookie", "authorization", "referer", "user-agent", "origin", "expires", "pragma", "mime-version",
        "bcc", "cc", "reply-to", "return-path", "rcpt to", "mail from", "content-transfer-encoding", "x-mailer", "x-original-url", "x-rewrite-url");

    private static readonly FrozenSet<string> Mail = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "to", "from", "subject", "date", "sender", "cc", "bcc");

    private static readonly SearchValues<char> NoName = SearchValues.Create(" .,(){}[]'\"/\\<>=;&");

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        var lines = text.Kind.HasLines();
        for (var at = value.IndexOfAny('\r', '\n'); at >= 0; at = value[(at + 1)..].IndexOfAny('\r', '\n') is >= 0 and var next ? at + 1 + next : -1)
        {
            var line = value[(at + 1)..].TrimStart("\r\n\t ");
            if (line.Length == 0)
            {
                if (!lines && value[at] == '\r' && text.Kind is not (FieldKind.Header or FieldKind.Cookie))
                    found.Hit(Rules.LineBreak);
                return;
            }

            var before = value[..at];
            at = value.Length - line.Length - 1;
            JudgeLine(text, before, line[..(line.IndexOfAny('\r', '\n') is >= 0 and var end ? end : line.Length)], found);
            if (found.IsAttack)
                return;
        }
    }

    private static void JudgeLine(Text text, ReadOnlySpan<char> before, ReadOnlySpan<char> line, Inspection found)
    {
        if (line.StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase) || IsRequest(line))
            found.Hit(Rules.LineHeader);
        var colon = line[..Math.Min(line.Length, 40)].IndexOf(':');
        if (colon <= 0 || (colon + 1 < line.Length && line[colon + 1] == ':'))
            return;
        var name = line[..colon].TrimEnd();
        var said = line[(colon + 1)..];
        var field = !name.ContainsAny(NoName) && name.Length > 1;

        // Hidden in an encoding, or where there is one line: every header is somebody's on purpose.
        if (field && (!text.Kind.HasLines() || (text.IsDecoded && !text.IsSentence && !said.StartsWith("//") && before.Length < 60)))
            found.Hit(Rules.LineHeader);
        else if (Http.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name) && (!text.IsSentence || said.Contains('@') && name.Length <= 3 && !IsLetter(before)))
            found.Hit(Rules.LineHeader);
        else if (Mail.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
            found.Hit(IsAddress(before) ? Rules.LineHeader : Rules.LineMail);
    }

    /// <summary>A letter that somebody pasted begins with headers itself.</summary>
    private static bool IsLetter(ReadOnlySpan<char> before) => before.TrimStart().StartsWith("From:", StringComparison.OrdinalIgnoreCase) || before.TrimStart().StartsWith("To:", StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(ReadOnlySpan<char> before)
    {
        var address = before[^Math.Min(before.Length, 400)..].Trim();
        return address.IsEmpty || (address.Contains('@') && !address.Contains(' ') && !address.Contains('\n')) || (!address.Contains(' ') && !address.Contains('\n') && address.Length < 30);
    }

    private static bool IsRequest(ReadOnlySpan<char> line)
        => (line.StartsWith("GET /", StringComparison.Ordinal) || line.StartsWith("POST /", StringComparison.Ordinal) || line.StartsWith("PUT /", StringComparison.Ordinal)) && line.Contains(" HTTP/", StringComparison.Ordinal);
}
