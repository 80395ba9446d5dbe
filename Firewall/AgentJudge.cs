using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>agent-scanner: programs that try known attacks one after the other and say who they are. Those that do not are found by what they try.</summary>
internal static class AgentJudge
{
    private static readonly SearchValues<string> Scanners = SearchValues.Create(
        [
            "sqlmap", "nikto", "nuclei", "openvas", "fuzz faster", "wfuzz", "ffuf", "gobuster", "dirbuster", "feroxbuster", "acunetix", "nessus", "netsparker", "w3af",
            "arachni", "masscan", "wpscan", "havij", "jorgee", "commix", "xsstrike", "dalfox", "jaeles", ".nasl", "nmap scripting", ".interact.sh", ".oast.",
            ".oastify.com", ".burpcollaborator.net",
        ],
        StringComparison.OrdinalIgnoreCase);

    public static void Judge(Text text, string field, Inspection found)
    {
        if (text.Kind == FieldKind.Header && field.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) && text.Value.ContainsAny(Scanners))
            found.Hit(Rules.AgentScanner);
    }
}
