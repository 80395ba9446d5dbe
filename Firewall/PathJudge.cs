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
            "/.pgpass", "docker.sock", "appsettings.", "convert.iconv.", "convert.base64-", "php.ini", "httpd.conf", "my.cnf", "ntuser.dat",
            "sysprep.inf", "unattend.xml", "proftpd", "pure-ftpd", "logs/access", "logs/error", "log/error",
            "mysql-bin.", "/lampp/", "\\xampp\\", "\\logs\\httpd", "/usr/local/cpanel", "\\log\\error", "\\logs\\error", "\\logs\\access", "/tmp/sess_",
            "/var/db/shadow", "/var/adm/", "/etc/hostname", "/etc/security",
        ],
        StringComparison.OrdinalIgnoreCase);

    // A slash that lost its percent sign on its way.
    private static readonly SearchValues<string> BareSteps = SearchValues.Create(["..2f..", "..5c.."], StringComparison.OrdinalIgnoreCase);

    private static readonly string[] SystemFolders = ["/usr/", "/opt/", "/var/", "/proc/", "/dev/", "/boot/", "/root/", "/home/", "/Library/", "/Volumes/"];
    private static readonly string[] SystemEnds = [".conf", ".cnf", ".ini", ".inf", ".cfg", ".log", "_log", ".err", ".mdf", ".sam", ".reg", ".bak"];

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        if (value.Contains("..", StringComparison.Ordinal) && (value.ContainsAny("/\\;") || value.ContainsAny(BareSteps)))
            JudgeClimb(text, found);

        // path-file: /etc/passwd, by whatever way. In a sentence, and in the address of a Referer, it may be spoken about.
        if ((text.IsOneWord || value.ContainsAny('/', '\\')) && value.IndexOfAny(Files) is >= 0 and var file)
            found.Hit(Rules.PathFile, Rules.PathProse, text.IsProse(file) || (text.IsSentence && file > 0) || IsAddress(text));

        // x.cs%00.png, /etc/x%00: a name that ends for one reader where the other reads on.
        if (value.IndexOf('\0') is > 0 and var cut && Text.IsWordChar(value[cut - 1]) && IsCut(value, cut))
            found.Hit(Rules.PathFile);

        // /etc/whatever, C:/apache/logs/whatever.log: a file of the machine's own as the value.
        if (IsSystemFile(text))
            found.Hit(Rules.PathFile);

        // \\host\share: a file that another machine serves, and gets this one's credentials for.
        if (value.StartsWith("\\\\") && value.Length > 4 && value[2..].Contains('\\') && (char.IsLetterOrDigit(value[2]) || value[2] is ':' or '[') && text.IsOneWord)
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
        return behind is ['/' or '\\', ..] or [';', '/', ..] or ['2', 'f' or 'F', '.', '.', ..] or ['5', 'c' or 'C', '.', '.', ..]
            || (behind.IsEmpty && before is [.., '/' or '\\']);
    }

    private static bool IsCut(ReadOnlySpan<char> value, int cut) => value[cut..] is ['\0', '.', ..] || (value.Length == cut + 1 && value.ContainsAny('/', '\\'));

    private static bool IsSystemFile(Text text)
    {
        var value = text.Value.Trim();
        if (text.Kind == FieldKind.Header || value.Length is < 6 or > 200)
            return false;
        if (value.StartsWith("/etc/"))
            return text.IsOneWord;
        var isOnDrive = char.IsAsciiLetter(value[0]) && value[1] == ':' && value[2] is '/' or '\\';
        return (isOnDrive || (value.StartsWithAny(SystemFolders) && text.IsOneWord)) && value.EndsWithAny(SystemEnds, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsAddress(Text text) => text.Kind == FieldKind.Header && !text.IsDecoded && text.Value.Contains("://", StringComparison.Ordinal);

    private static bool IsImport(ReadOnlySpan<char> before) => before.EndsWith("from '") || before.EndsWith("from \"") || before.EndsWith("require('");
}
