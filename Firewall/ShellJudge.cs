using System.Buffers;
using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>
/// Finds commands where a shell would see one: behind an operator, in a substitution, or as the whole value. Many commands are words of
/// English, so that one alone says little: it counts with an argument that only a shell has, or with no sentence around.
/// </summary>
internal static class ShellJudge
{
    private const int MaxCommand = 64;

    private static readonly SearchValues<char> Operators = SearchValues.Create(";|&\n$`<>{");

    private static readonly FrozenSet<string> Plain = Set("""
        id whoami uname ls pwd ifconfig ipconfig netstat ps printenv hostname systeminfo tasklist arp lscpu lsof dmesg ss env getent df du uptime nproc pwd
        sh bash zsh ksh dash csh nc ncat netcat curl wget ssh scp rm mv cp chmod chown chgrp useradd passwd sudo su crontab cmd powershell pwsh certutil
        bitsadmin nslookup traceroute tracert telnet ftp tftp socat busybox xxd base32 base64 perl python python2 python3 ruby lua php node gcc awk gawk sed grep egrep
        tcpdump nmap openssl xargs nohup mkfifo mknod rev tac dd tar gzip gunzip zcat strings printf eval tee ping6 wmic rundll32 regsvr32 mshta cscript wscript findstr
        sysctl lsblk fdisk reboot poweroff lsattr iptables killall pkill systemctl cat dir vim nano screen tmux strace gdb docker kubectl git apt yum apk pip npm
        """);

    private static readonly FrozenSet<string> English = Set("""
        cat ping sleep echo type more less head tail find sort cut date time who w last top host kill touch man at free read wait watch export source exec exit set
        split join test dir net start copy move del more tree history mail make cal ver diff wc uniq tr od nl id host locate which man file mount expr reg sc shutdown halt let alias
        """);

    // Without an argument these do nothing that an intruder wants.
    private static readonly FrozenSet<string> Alone = Set("""
        id whoami uname ls pwd ifconfig ipconfig netstat ps printenv hostname systeminfo tasklist arp lscpu env df uptime ss lsof dmesg reboot sh bash nproc
        date who w dir ver set last top history time tree mount shutdown halt poweroff
        """);

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        if (IsCommandLine(text, 0, start: true))
            found.Hit(Rules.ShellProgram);
        if (value.StartsWith("() {") || value.StartsWith("(){"))
            found.Hit(Rules.ShellCommand);
        for (var index = 0; index < value.Length && !found.IsAttack;)
        {
            var next = value[index..].IndexOfAny(Operators);
            if (next < 0)
                break;
            index += next;
            JudgeOperator(text, ref index, found);
        }

        JudgeDisguise(text, found);
        JudgePaths(text, found);
    }

    private static void JudgeOperator(Text text, ref int index, Inspection found)
    {
        var value = text.Value;
        var at = index++;
        var next = index < value.Length ? value[index] : '\0';
        switch (value[at])
        {
            case '$' when next == '(':
                JudgeSubstitution(text, at, index + 1, ')', found);
                break;
            case '`':
                JudgeSubstitution(text, at, index, '`', found);
                break;
            case '<' or '>' when next == '(':
                JudgeSubstitution(text, at, index + 1, ')', found);
                break;
            case '$' when IsVariable(value[index..]):
                found.Hit(Rules.ShellDisguise);
                break;
            case '{' when text.IsOneWord && IsBraceList(value[index..]):
                found.Hit(Rules.ShellDisguise);
                break;
            case '>' when IsRedirect(value[at..]):
                found.Hit(Rules.ShellCommand, Rules.ShellProse, text.IsProse(at));
                break;
            case ';' or '|' or '&' or '\n':
                while (index < value.Length && value[index] is '|' or '&')
                    index++;
                var command = index;
                index = Text.SkipSpaces(value, index);
                if (IsCommandLine(text, command, start: false) && !(value[at] == '\n' && text.IsSentence))
                    found.Hit(Rules.ShellCommand, Rules.ShellProse, text.IsProse(at));
                break;
        }
    }

    private static void JudgeSubstitution(Text text, int at, int start, char close, Inspection found)
    {
        var value = text.Value;
        var inner = Text.Near(value[start..]);
        inner = (inner.IndexOf(close) is >= 0 and var length ? inner[..length] : inner).TrimStart(" \t(<{");
        if (inner.IsEmpty)
            return;
        Span<char> buffer = stackalloc char[MaxCommand];
        var word = Command(inner, buffer, out var disguised, out _);
        var known = IsKnown(word) || disguised || (word.Length > 1 && word[0] is '/' or '~' or '.' && word.Contains('/'));

        // Markdown writes code between backticks. In a shell nothing but the value is around them.
        var alone = close != '`' || text.IsOneWord || value[..at].Trim(" ;|&\"'").IsEmpty;
        if (known && alone)
            found.Hit(Rules.ShellSubstitution, Rules.ShellProse, text.IsProse(at));
        else if (known)
            found.Hit(Rules.ShellProse);
    }

    /// <summary>Whether a command begins here and is one that nobody would say.</summary>
    private static bool IsCommandLine(Text text, int index, bool start)
    {
        var value = text.Value;
        var at = Text.SkipSpaces(value, index);
        while (at < value.Length && value[at] is '(' or '{' or '!' or '"' or '\'' && !start)
            at = Text.SkipSpaces(value, at + 1);
        if (at >= value.Length)
            return false;
        Span<char> buffer = stackalloc char[MaxCommand];
        var word = Command(value[at..], buffer, out var disguised, out var length);
        if (word.IsEmpty)
            return false;
        var rest = Text.Near(value[(at + length)..]);
        var argument = IsArgument(rest) && (start || at == index || !IsCount(rest));
        if (disguised && (argument || IsKnown(word) || (!start && word.Length > 1 && text.IsOneWord)))
            return true;
        if (word[0] is '/' or '.' or '~' && word.Length > 2)
            return IsProgramPath(word, start) && (!start || argument || rest.Trim().IsEmpty);
        if (word.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) || word.EndsWith(".sh", StringComparison.OrdinalIgnoreCase) || word.EndsWith(".bat", StringComparison.OrdinalIgnoreCase))
            return argument || (!start && !text.IsSentence);
        if (word is "if" or "for" or "while" && !start)
            return rest.TrimStart() is ['[', ..] || (rest.Contains("$(", StringComparison.Ordinal) && rest.Contains("do", StringComparison.Ordinal));
        if (!IsKnown(word))
            return !start && index > 0 && value[index - 1] is '|' or ';' && argument && IsOption(rest) && !text.IsSentence;
        if (start)
            return argument && (IsOption(rest) || IsShellArgument(rest, most: 1)) && !(char.IsAsciiDigit(rest.TrimStart()[0]) && !rest.Contains('.'));

        // Nothing in front of the operator: nobody begins a sentence so.
        if (argument || value[..index].Trim(" ;|&\n").IsEmpty)
            return true;

        var ended = rest.TrimStart().IsEmpty || rest.TrimStart()[0] is ';' or '|' or '&' or '#' or '`' or ')' or '\n' or '\r' or '"' or '\'' or '\0' or '<' or '>' or '%' or '}';
        var table = value[index - 1] == '|' && rest.StartsWith(" |");
        return ended && !table && (Contains(Alone, word) || rest.TrimStart() is [';' or '|' or '&' or '#', ..] || index == at) && (!text.IsSentence || (index == at && !Contains(English, word)))
            && (index == at || Contains(Plain, word) || !value[..index].Trim(" ;|&").Contains(' '));
    }

    /// <summary>Reads a command as a shell does, which drops quotes and backslashes from words: c''at, c\at and "cat" are cat.</summary>
    private static ReadOnlySpan<char> Command(ReadOnlySpan<char> text, Span<char> buffer, out bool disguised, out int length)
    {
        disguised = false;
        var count = 0;
        for (length = 0; length < text.Length && count < buffer.Length; length++)
        {
            var one = text[length];
            if (char.IsWhiteSpace(one) || one is ';' or '|' or '&' or '(' or ')' or '<' or '>' or '`' && (count == 0 || !text[length..].StartsWith("``")) || one is ',' or '}' or ':' or '=' or '#')
                break;
            if (one is '\'' or '"' or '\\')
            {
                // Inside of a word; at its end it is a quote of what is around.
                disguised |= count > 0 && length + 2 < text.Length && (one == '\\' || HasQuoteInWord(text[(length + 1)..], one)) && Text.IsWordChar(text[length - 1]);
                continue;
            }

            if (count > 0 && (text[length..].StartsWith("$()") || text[length..].StartsWith("``")))
            {
                disguised = true;
                length += one == '$' ? 2 : 1;
                continue;
            }

            if (one == '$' && length + 1 < text.Length)
            {
                // $@, $1 and ${x} are nothing inside of a word.
                var skipped = text[length + 1] is '@' or '*' or '#' or '!' or '?' || char.IsAsciiDigit(text[length + 1]) ? 1 : 0;
                disguised |= skipped > 0 && count > 0;
                length += skipped;
                continue;
            }

            buffer[count++] = one;
        }

        return buffer[..count];
    }

    private static bool HasQuoteInWord(ReadOnlySpan<char> rest, char quote)
        => rest.IndexOf(quote) is >= 0 and < 8 and var end && !rest[..end].ContainsAny(" ,;") && end + 1 < rest.Length && (end == 0 || Text.IsWordChar(rest[end + 1]) || rest[end + 1] is ' ' or '\'' or '"' or '$' or ';' or '|');

    private static bool IsKnown(ReadOnlySpan<char> word) => Contains(Plain, word) || Contains(English, word);

    private static bool IsArgument(ReadOnlySpan<char> rest)
    {
        var argument = rest.TrimStart();
        if (argument.IsEmpty)
            return false;
        if (rest.Length == argument.Length)
            return argument[0] is '<' or '$' or '>' && argument.Length > 1;
        return IsOption(rest) || IsShellArgument(rest);
    }

    /// <summary>A number alone may count things: "Node 20; Python 3".</summary>
    private static bool IsCount(ReadOnlySpan<char> rest) => !rest.Trim().IsEmpty && !rest.Trim().ContainsAnyExceptInRange('0', '9') && rest.Trim().Length < 2;

    private static bool IsOption(ReadOnlySpan<char> rest)
    {
        var argument = rest.TrimStart();
        return argument.Length > 1 && argument[0] == '-' && (char.IsAsciiLetterOrDigit(argument[1]) || argument[1] == '-') && rest.Length > argument.Length;
    }

    /// <summary>A path, an address, a variable, a redirection, something quoted: among the next words.</summary>
    private static bool IsShellArgument(ReadOnlySpan<char> rest, int most = 4)
    {
        var argument = rest.TrimStart();
        for (var words = 0; words < most && !argument.IsEmpty; words++)
        {
            var end = argument.IndexOfAny(" \t\n") is >= 0 and var stop ? stop : argument.Length;
            var word = argument[..end];
            if (word[0] is '/' or '~' or '$' or '<' or '>' or '"' or '\'' or '*' or '{' && (word.Length > 1 || word[0] == '/') || word.StartsWith("./") || word.StartsWith("../") || word.Contains("://", StringComparison.Ordinal))
                return true;
            if (word.IndexOfAny("\\/$") > 0 || (words == 0 && (char.IsAsciiDigit(word[0]) || word.Contains('.')) && word[^1] != '.') || (word[0] == '-' && word.Length > 1 && char.IsAsciiLetter(word[1])))
                return true;
            argument = argument[end..].TrimStart();
        }

        return false;
    }

    private static bool IsProgramPath(ReadOnlySpan<char> word, bool start)
    {
        if (word.ContainsAny("?*"))
            return word.Count('/') > 1;
        if (word.StartsWith("./") || word.StartsWith("~/"))
            return !start && word.Length > 3;
        var slash = word.LastIndexOf('/');
        return slash >= 0 && (word.StartsWith("/bin/") || word.StartsWith("/usr/") || word.StartsWith("/sbin/") || (!start && word.StartsWith("/tmp/"))) && (IsKnown(word[(slash + 1)..]) || !start);
    }

    private static bool IsVariable(ReadOnlySpan<char> rest)
        => rest.StartsWith("IFS") || rest.StartsWith("{IFS") || rest.StartsWith("{PATH") || rest.StartsWith("{HOME") || rest.StartsWith("{SHELL") || rest.StartsWith("'\\");

    /// <summary>{cat,/etc/passwd} is a command and its argument without a space.</summary>
    private static bool IsBraceList(ReadOnlySpan<char> rest)
    {
        rest = Text.Near(rest);
        var comma = rest.IndexOf(',');
        return comma > 0 && comma < 12 && rest.Contains('}') && IsKnown(rest[..comma].Trim("\"'"));
    }

    private static bool IsRedirect(ReadOnlySpan<char> rest)
        => rest.StartsWith(">&/dev/") || rest.StartsWith(">/dev/tcp") || rest.StartsWith("> /dev/tcp") || rest.StartsWith(">& /dev/") || rest.StartsWith(">/tmp/") || rest.StartsWith(">/var/") || rest.StartsWith(">&1");

    /// <summary>Words with quotes, backslashes or variables in them that come to a command, at the beginning of the value.</summary>
    private static void JudgeDisguise(Text text, Inspection found)
    {
        var value = text.Value;
        if (value.Length < 4 || !value.ContainsAny("'\"\\$"))
            return;
        Span<char> buffer = stackalloc char[MaxCommand];
        var word = Command(value.TrimStart(), buffer, out var disguised, out _);
        if (disguised && IsKnown(word) && (word.Length > 3 || value.ContainsAny("/-$")))
            found.Hit(Rules.ShellDisguise);
    }

    /// <summary>Programs by their paths; in a sentence a path is a path.</summary>
    private static void JudgePaths(Text text, Inspection found)
    {
        var value = text.Value;
        foreach (var path in (ReadOnlySpan<string>)["/bin/", "/dev/tcp/", "cmd.exe", "cmd /c", "powershell -", "powershell.exe"])
        {
            var at = Text.Find(value, path, 0);
            if (at < 0)
                continue;
            var end = at + path.Length;
            var name = value[end..Text.WordEnd(value, end)];
            if (path != "/bin/" || IsKnown(name) || (end < value.Length && value[end] is '?' or '*'))
                found.Hit(Rules.ShellProgram, Rules.ShellProse, text.IsProse(at) || text.IsSentence || value.StartsWith("#!"));
        }
    }

    private static bool Contains(FrozenSet<string> words, ReadOnlySpan<char> word) => words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Set(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
