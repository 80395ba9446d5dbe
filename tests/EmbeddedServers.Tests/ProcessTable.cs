using System.Globalization;

namespace SecureShop.EmbeddedServers.Tests;

/// <summary>A process beyond doubt: its id, which the system gives out again, and when it started.</summary>
internal readonly record struct Seen(int Id, string Stamp)
{
    public bool Lives => ProcessTable.Look(Id) == this;
}

/// <summary>The machine's processes as /proc shows them.</summary>
internal static class ProcessTable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>A process; null when there is none (a zombie has ended, too).</summary>
    public static Seen? Look(int id) => Stat(id) is { } stat && stat[0] != "Z" ? new(id, stat[19]) : null;

    public static int ParentOf(int id) => Stat(id) is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>A process and everything below it.</summary>
    public static IReadOnlyList<Seen> Family(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(ParentOf);
        var family = new List<int> { root };
        for (var i = 0; i < family.Count; i++)
            family.AddRange(children[family[i]]);
        return [.. family.Select(Look).OfType<Seen>()];
    }

    /// <summary>Those that still live after a while; empty as soon as none does.</summary>
    public static async Task<IReadOnlyList<Seen>> SurvivorsAsync(IEnumerable<Seen> processes)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            processes = [.. processes.Where(process => process.Lives)];
            if (!processes.Any() || TimeProvider.System.GetElapsedTime(start) > Limit)
                return [.. processes];
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The fields of its state from the third on; null when it is gone.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            // The name in parentheses may itself hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
