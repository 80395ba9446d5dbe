using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>Finds code of servers that starts programs, looks names up or becomes an object: PHP, Python, Java, Node, Log4j.</summary>
internal static class CodeJudge
{
    private static readonly string[] Calls =
    [
        "phpinfo(", "system(", "passthru(", "shell_exec(", "proc_open(", "popen(", "pcntl_exec(", "exec(", "assert(", "base64_decode(",
        "file_get_contents(", "call_user_func(", "create_function(",
        "__import__(", "os.system", "os.popen", "subprocess.", "eval(", "execfile(", "child_process", "process.mainmodule", "process.env",
        "process.binding", "getruntime(", "processbuilder", "java.lang.", "javax.script",
        "class.forname", "system.diagnostics.process", "kernel.exec", "io.popen", "require(", "include(", "$_get", "$_post", "$_request",
        "$_server", "open(\"|", "file.read(", "dir.entries(", "iex(", "invoke-expression", "downloadstring(", "response.write(",
        "print(md5(", "die(md5(", "echo(md5(", "var_dump(",
    ];

    private static readonly string[] Objects =
    [
        "rO0AB", "aced0005", "AAEAAAD/////", "!!python/", "!!javax.", "!!java.", "_$$ND_FUNC$$_", "__proto__", "constructor[prototype]",
        "constructor.prototype", "ObjectDataProvider", "__reduce__", "!ruby/object", "__VIEWSTATE=", "/wEyx", "cos\nsystem",
        "csubprocess\n", "\"$type\":\"System.", "$type\":\"System", "\"@type\":\"", "java.util.PriorityQueue", "ysoserial",
        "com.sun.rowset", "module.classLoader", "class.classLoader", "JdbcRowSet", "System.Windows.Data", "System.Management.Automation",
        "System.Configuration.Install", "TypeConfuse",
    ];

    private static readonly string[] BeforeCalls = ["echo", "return", "import", "print", "new"];

    private static readonly SearchValues<string> CallNames = SearchValues.Create(Calls, StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> ObjectMarks = SearchValues.Create(Objects, StringComparison.Ordinal);
    private static readonly SearchValues<string> Lookups = SearchValues.Create(
        [
            "${jndi", "${lower:", "${upper:", "${env:", "${sys:", "${java:", "${::-", "${ctx:", "${date:", "${main:", "${bundle:",
            "${k8s:", "${docker:", "${web:", "${log4j:", "${base64:", "${script:", "${url:", "${dns:", "${${", "jndi:ldap:", "jndi:rmi:",
            "jndi:dns:",
        ],
        StringComparison.OrdinalIgnoreCase);

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;

        // code-lookup: ${jndi:ldap://...}, ${${lower:j}ndi:...}.
        if (value.ContainsAny('$', ':') && value.ContainsAny(Lookups))
            found.Hit(Rules.CodeLookup);

        // code-object: rO0AB..., {"__proto__": ...}, O:8:"stdClass":0:{}.
        if (value.ContainsAny(ObjectMarks) || IsPhpObject(value) || (text.Kind.IsName() && value is "prototype"))
            found.Hit(Rules.CodeObject, Rules.CodeProse, text.IsSentence);

        if (IsJoined(value))
            found.Hit(Rules.CodeCall);

        // code-call: system($_GET['c']), __import__('os'), require('child_process').
        if (value.ContainsAny('(', '$', '"') && value.IndexOfAny(CallNames) is >= 0 and var at && (at < 2 || !Text.IsWordChar(value[at - 1])))
            found.Hit(Rules.CodeCall, Rules.CodeProse, text.IsSentence || text.IsProse(at) || IsDeclaration(value[..at]));
    }

    /// <summary>"Ex"&amp;"e"&amp;"cute(" of VBScript.</summary>
    private static bool IsJoined(ReadOnlySpan<char> value)
        => value.IndexOf("\"&\"") is >= 0 and var at && value[(at + 3)..].Contains("\"&\"", StringComparison.Ordinal);

    /// <summary>"void exec(" declares, "return exec(" calls.</summary>
    private static bool IsDeclaration(ReadOnlySpan<char> before)
    {
        var lead = before.TrimEnd();
        if (lead.IsEmpty || lead.Length == before.Length || !char.IsLetter(lead[^1]))
            return false;
        foreach (var word in BeforeCalls)
        {
            if (lead.EndsWith(word))
                return false;
        }

        return true;
    }

    /// <summary>O:8:"stdClass":0:{} and a:1:{...}, as PHP writes objects and arrays.</summary>
    private static bool IsPhpObject(ReadOnlySpan<char> value)
    {
        for (var at = value.IndexOf(':'); at > 0 && at + 2 < value.Length; at = value[(at + 1)..].IndexOf(':') is >= 0 and var next ? at + 1 + next : -1)
        {
            if (value[at - 1] is not ('O' or 'a' or 'C') || (at > 1 && Text.IsWordChar(value[at - 2])))
                continue;
            var end = at + 1;
            while (end < value.Length && char.IsAsciiDigit(value[end]))
                end++;
            if (end > at + 1 && end + 1 < value.Length && value[end] == ':' && value[end + 1] is '"' or '{')
                return true;
        }

        return false;
    }
}
