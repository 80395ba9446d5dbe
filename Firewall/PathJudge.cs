using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>Finds ways out of a folder and the files that are at their end.</summary>
internal static class PathJudge
{
    private const int FewSteps = 4;

    private static readonly SearchValues<string> Files = SearchValues.Create(
        [
            "etc/passwd", "etc/shadow", "/etc/group", "/etc/hosts", "/etc/issue", "/etc/sudoers", "/etc/crontab", "/etc/fstab",
            "/etc/motd", "/etc/ssh", "/etc/mysql", "/etc/apache", "/etc/nginx", "/etc/httpd", "/etc/php", "/etc/resolv", "/etc/redhat",
            "/etc/my.cnf", "/etc/environment", "/etc/profile",
            "/proc/self", "/proc/version", "/proc/cmdline", "/proc/1/", "/proc/net", "/proc/mounts", "/proc/cpuinfo", "/var/log/",
            "/var/www/", "/var/mail/", "/var/lib/", "/var/run/", "/root/.", "/sys/class", "etc\\passwd", "win.ini", "boot.ini", "system32",
            "\\windows\\", "/windows/", "/winnt", "\\winnt", "\\inetpub", "/inetpub", "autoexec.bat", "\\repair\\sam", "web-inf",
            "web.config", "wp-config",
            ".htaccess", ".htpasswd", ".ssh/", "id_rsa", ".git/", ".svn/", ".bash_history", "/.env", ".aws/credentials", "meta-inf",
            "c:/boot", "c:\\boot", "/xampp/", "server-status", "/.DS_Store", "/.dockerenv", "/var/run/secrets", ".docker/config",
            ".kube/config", "/etc/kubernetes", "/etc/ssl/private", "id_ed25519", "id_ecdsa", "/actuator/", "/.npmrc", "/.netrc",
            "/.pgpass", "docker.sock", "appsettings.",
        ],
        StringComparison.OrdinalIgnoreCase);

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        if (value.ContainsAny("/\\;") && value.Contains("..", StringComparison.Ordinal))
            JudgeClimb(text, found);

        // path-file: /etc/passwd, by whatever way. In a sentence, and in the address of a Referer, it may be spoken about.
        if ((text.IsOneWord || value.ContainsAny('/', '\\')) && value.IndexOfAny(Files) is >= 0 and var file)
            found.Hit(Rules.PathFile, Rules.PathProse, text.IsProse(file) || (text.IsSentence && file > 0) || IsAddress(text));

        // x.cs%00.png: a name that ends for one reader where the other reads on.
        if (value.IndexOf("\0.") is > 0 and var cut && Text.IsWordChar(value[cut - 1]))
            found.Hit(Rules.PathFile);

        // \\host\share: a file that another machine serves, and gets this one's credentials for.
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
            if (!IsStep(value[..at], value[end..]))
                continue;
            first = first < 0 ? at : first;
            steps++;
        }

        if (steps == 0)
            return;
        var inProse = text.IsProse(first) || (!text.IsOneWord && text.IsSentence && steps < FewSteps);
        found.Hit(Rules.PathClimb, Rules.PathProse, inProse || value[..first].EndsWith("](") || IsImport(value[..first]));
    }

    /// <summary>../, ..\, ..;/ and, at the end of a path, /.. are steps. "wait.../then" has its dots behind a word; %2f.. has an f there.</summary>
    private static bool IsStep(ReadOnlySpan<char> before, ReadOnlySpan<char> behind)
    {
        if (!before.IsEmpty && Text.IsWordChar(before[^1]) && before[^1] is not ('f' or 'F'))
            return false;
        return behind is ['/' or '\\', ..] or [';', '/', ..] || (behind.IsEmpty && before is [.., '/' or '\\']);
    }

    private static bool IsAddress(Text text) => text.Kind == FieldKind.Header && !text.IsDecoded && text.Value.Contains("://", StringComparison.Ordinal);

    private static bool IsImport(ReadOnlySpan<char> before) => before.EndsWith("from '") || before.EndsWith("from \"") || before.EndsWith("require('");
}
