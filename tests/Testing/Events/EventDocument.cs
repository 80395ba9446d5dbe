using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace SecureShop.Testing;

/// <summary>docs/events.md beside the code that it describes: the events of an assembly, and the instruments of the meter.</summary>
public static partial class EventDocument
{
    private static readonly string Text = System.IO.File.ReadAllText(File);

    /// <summary>Where the document is.</summary>
    public static string File => Path.Combine(Root(), "docs", "events.md");

    /// <summary>Names of the metrics that the document lists.</summary>
    public static IReadOnlyList<string> Metrics => [.. MetricRow().Matches(Text).Select(row => row.Groups["name"].Value)];

    /// <summary>
    /// What differs between the document's rows with ids from <paramref name="from"/> up to <paramref name="to"/> and the events
    /// that <paramref name="assembly"/> can log; nothing where both agree.
    /// </summary>
    public static IReadOnlyList<string> Differences(Assembly assembly, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var said = EventRow().Matches(Text)
            .Select(row => $"{row.Groups["id"].Value} {row.Groups["name"].Value} {row.Groups["level"].Value}")
            .Where(row => int.Parse(row[..4], CultureInfo.InvariantCulture) is var id && id >= from && id <= to)
            .ToList();
        var done = assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (method.Name, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(method => method.Event is not null)
            .Select(method => $"{method.Event!.EventId} {method.Event.EventName ?? method.Name} {method.Event.Level}")
            .ToList();
        return
        [
            .. done.Except(said, StringComparer.Ordinal).Select(one => $"not in docs/events.md: {one}"),
            .. said.Except(done, StringComparer.Ordinal).Select(one => $"only in docs/events.md: {one}"),
            .. done.GroupBy(one => one.Split(' ')[0], StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => $"twice: {same.Key}"),
        ];
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    [GeneratedRegex(@"^\| (?<id>\d{4}) \| `(?<name>\w+)` \| (?<level>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EventRow();

    [GeneratedRegex(@"^\| `(?<name>secureshop\.[a-z_.]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricRow();
}
