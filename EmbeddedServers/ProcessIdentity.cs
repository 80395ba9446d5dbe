using System.ComponentModel;
using System.Diagnostics;

namespace SecureShop.EmbeddedServers;

/// <summary>A process beyond doubt: its id, which the system gives out again, and when it started.</summary>
/// <param name="Id">The process id.</param>
/// <param name="Stamp">Its start, written as guardian.sh reads it.</param>
public readonly record struct ProcessIdentity(int Id, string Stamp)
{
    /// <summary>The identity of a process; null when there is none (a zombie has ended, too).</summary>
    public static ProcessIdentity? Of(int id)
        => (OperatingSystem.IsLinux() ? ReadStamp(id) : AskStamp(id)) is { } stamp ? new(id, stamp) : null;

    /// <summary>Whether that very process still runs.</summary>
    public bool Lives => Of(Id) == this;

    private static string? ReadStamp(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The name in parentheses may itself hold spaces and parentheses.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? AskStamp(int id)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "stat=,lstart=", "-p", $"{id}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C" },
        }) ?? throw new Win32Exception();
        var words = ps.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        ps.WaitForExit();
        return words.Length < 2 || words[0].StartsWith('Z') ? null : string.Join(' ', words[1..]);
    }
}
