using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>Finds ways out of a folder and the files that are at their end.</summary>
internal static class PathJudge
{
    private static readonly SearchValues<string> Files = SearchValues.Create(
        [
            "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hosts", "/etc/issue", "/etc/sudoers", "/etc/crontab", "/etc/fstab", "/etc/motd", "/etc/ssh", "/etc/mysql", "/etc/apache", "/etc/nginx", "/etc/httpd", "/etc/php", "/etc/resolv", "/etc/redhat", "/etc/my.cnf", "/etc/environment", "/etc/profile",
            "/proc/self", "/proc/version", "/proc/cmdline", "/proc/1/", "/proc/net", "/proc/mounts", "/proc/cpuinfo", "/var/log/", "/var/www/", "/var/mail/", "/var/lib/", "/var/run/", "/root/.", "/sys/class", "etc\\passwd", "win.ini", "boot.ini", "system32", "\\windows\\", "/windows/", "/winnt", "\\winnt", "\\inetpub", "/inetpub", "autoexec.bat", "\\repair\\sam", "web-inf", "web.config", "wp-config",
            ".htaccess", ".htpasswd", ".ssh/", "id_rsa", ".git/", ".svn/", ".bash_history", "/.env", ".aws/credentials", "meta-inf", "c:/boot", "c:\\boot", "/xampp/", "server-status", "/.DS_Store", "/.dockerenv",
        ],
        StringComparison.OrdinalIgnoreCase);

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        if (value.ContainsAny("/\\;") && value.Contains("..", StringComparison.Ordinal))
            JudgeClimb(text, found);
        if ((text.IsOneWord || value.ContainsAny('/', '\\')) && value.IndexOfAny(Files) is >= 0 and var file)
            found.Hit(Rules.PathFile, Rules.PathProse, text.IsProse(file) || (text.IsSentence && file > 0) || text.Kind == FieldKind.Header && value.Contains("://", StringComparison.Ordinal) && !text.IsDecoded);
        if (value.StartsWith("\\\\") && value.Length > 4 && value[2..].Contains('\\') && char.IsLetterOrDigit(value[2]) && text.IsOneWord)
            found.Hit(Rules.PathFile);
    }

    /// <summary>Steps up, however their dots and slashes are written; two in the middle of a sentence may be an import in a line of code.</summary>
    private static void JudgeClimb(Text text, Inspection found)
    {
        var value = text.Value;
        var (steps, first) = (0, -1);
        var end = 0;
        for (var at = value.IndexOf(".."); at >= 0; at = value[end..].IndexOf("..") is >= 0 and var next ? end + next : -1)
        {
            end = at + 2;
            while (end < value.Length && value[end] is '.' or '\0' or ' ')
                end++;
            if (end >= value.Length ? at == 0 || value[at - 1] is not ('/' or '\\') : value[end] is not ('/' or '\\') && !(value[end] == ';' && end + 1 < value.Length && value[end + 1] == '/'))
                continue;

            // "wait.../then" has its dots behind a word.
            if (at > 0 && Text.IsWordChar(value[at - 1]) && value[at - 1] is not ('f' or 'F'))
                continue;
            first = first < 0 ? at : first;
            steps++;
        }

        if (steps > 0)
            found.Hit(Rules.PathClimb, Rules.PathProse, text.IsProse(first) || (!text.IsOneWord && text.IsSentence && steps < 4) || IsImport(value[..first]));
    }

    private static bool IsImport(ReadOnlySpan<char> before) => before.EndsWith("from '") || before.EndsWith("from \"") || before.EndsWith("require('") || before.EndsWith("](");
}
