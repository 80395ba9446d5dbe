using System.Globalization;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests.Processes;

/// <summary>The machine's processes as /proc shows them.</summary>
internal static class ProcessTable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>A process and everything below it.</summary>
    public static IReadOnlyList<ProcessIdentity> Family(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: ParentOf(id)))
            .ToLookup(pair => pair.Parent, pair => pair.Id);
        var family = new List<int> { root };
        for (var i = 0; i < family.Count; i++)
            family.AddRange(parents[family[i]]);
        return [.. family.Select(ProcessIdentity.Of).OfType<ProcessIdentity>()];
    }

    /// <summary>Those that still live after a while; empty as soon as none does.</summary>
    public static async Task<IReadOnlyList<ProcessIdentity>> SurvivorsAsync(IEnumerable<ProcessIdentity> processes)
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

    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
