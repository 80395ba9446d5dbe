using System.Diagnostics;
using System.Globalization;

namespace SecureShop.Bench.Load;

/// <summary>What processes have computed and hold, by the name of their program.</summary>
internal sealed class ProcessMeter(ILookup<string, int> processes)
{
    /// <summary>Those with a mark in their environment. Postgres is left out: most that it computes, unmarked children do.</summary>
    public static ProcessMeter OfMarked(string mark) => new(Directory.EnumerateDirectories("/proc")
        .Select(folder => (Folder: folder, IsProcess: int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id), Id: id))
        .Where(entry => entry.IsProcess && Read($"{entry.Folder}/environ").Contains(mark, StringComparer.Ordinal))
        .Select(entry => (Name: NameOf(Read($"{entry.Folder}/cmdline")), entry.Id))
        .Where(entry => entry.Name is not ("" or "sh" or "postgres"))
        .ToLookup(entry => entry.Name, entry => entry.Id, StringComparer.Ordinal));

    public static ProcessMeter Of(string name, Process process) => new(new[] { process.Id }.ToLookup(_ => name));

    /// <summary>CPU seconds so far.</summary>
    public Dictionary<string, double> Cpu() => Of(process => process.TotalProcessorTime.TotalSeconds);

    /// <summary>Megabytes in memory; pages that several processes share count once.</summary>
    public Dictionary<string, double> Memory() => Of(process => File.ReadLines($"/proc/{process.Id}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Sum(line => int.Parse(line.AsSpan(4).Trim("kB "), CultureInfo.InvariantCulture) / 1e3));

    private Dictionary<string, double> Of(Func<Process, double> measure) => processes.ToDictionary(
        part => part.Key,
        part => part.Sum(id =>
        {
            using var process = Process.GetProcessById(id);
            return measure(process);
        }),
        StringComparer.Ordinal);

    private static string NameOf(string[] arguments) =>
        Path.GetFileName(Array.Find(arguments, argument => argument.EndsWith(".dll", StringComparison.Ordinal)) ?? arguments[0])
            .Replace(".dll", "", StringComparison.Ordinal);

    private static string[] Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Split('\0');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or belongs to somebody else.
            return [""];
        }
    }
}
