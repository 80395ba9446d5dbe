using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace SecureShop.Testing;

/// <summary>docs/events.md beside the code that it describes: a service's events, instruments and reasons.</summary>
public static partial class EventDocument
{
    private static readonly string Text = System.IO.File.ReadAllText(File);

    /// <summary>Where the document is.</summary>
    public static string File => Path.Combine(Root(), "docs", "events.md");

    /// <summary>Names of the metrics that the document lists.</summary>
    public static IReadOnlyList<string> Metrics => [.. MetricRow().Matches(Text).Select(row => row.Groups["name"].Value)];

    /// <summary>
    /// What differs between the document's rows with ids from <paramref name="from"/> up to <paramref name="to"/> and the events
    /// that <paramref name="assemblies"/> can log, between <paramref name="metrics"/> and their instruments, and which reasons they have
    /// that the document does not name; nothing where both agree.
    /// </summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<Assembly> assemblies, int from, int to, params IEnumerable<string> metrics)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        var said = EventRow().Matches(Text)
            .Select(row => $"{row.Groups["id"].Value} {row.Groups["name"].Value} {row.Groups["level"].Value}")
            .Where(row => int.Parse(row[..4], CultureInfo.InvariantCulture) is var id && id >= from && id <= to)
            .ToList();
        var done = assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (method.Name, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(method => method.Event is not null)
            .Select(method => $"{method.Event!.EventId} {method.Event.EventName ?? method.Name} {method.Event.Level}")
            .ToList();
        var instruments = assemblies.SelectMany(InstrumentNames).ToList();
        return
        [
            .. done.Except(said, StringComparer.Ordinal).Select(one => $"not in docs/events.md: {one}"),
            .. said.Except(done, StringComparer.Ordinal).Select(one => $"only in docs/events.md: {one}"),
            .. instruments.Except(metrics.Intersect(Metrics, StringComparer.Ordinal), StringComparer.Ordinal).Select(one => $"not in docs/events.md: {one}"),
            .. metrics.Except(instruments, StringComparer.Ordinal).Select(one => $"measured by nobody: {one}"),
            .. assemblies.SelectMany(Reasons).Where(reason => !ReasonForm().IsMatch(reason) || !Text.Contains($"`{reason}`", StringComparison.Ordinal)).Select(one => $"a reason that is not in docs/events.md: {one}"),
            .. done.GroupBy(one => one.Split(' ')[0], StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => $"twice: {same.Key}"),
        ];
    }

    // By convention the instruments are the static fields of classes named …Metrics, and the reasons the constants of those named …Refusal or RefusalReason.
    private static IEnumerable<string> InstrumentNames(Assembly assembly)
        => assembly.GetTypes().Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Select(field => field.GetValue(null)).OfType<Instrument>()
            .Select(instrument => string.IsNullOrEmpty(instrument.Unit) || string.IsNullOrEmpty(instrument.Description) ? $"{instrument.Name} without unit or description" : instrument.Name);

    private static IEnumerable<string> Reasons(Assembly assembly)
        => assembly.GetTypes().Where(type => type.Name == "RefusalReason" || type.Name.EndsWith("Refusal", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    [GeneratedRegex(@"^\| (?<id>\d{4}) \| `(?<name>\w+)` \| (?<level>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EventRow();

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReasonForm();

    [GeneratedRegex(@"^\| `(?<name>secureshop\.[a-z_.]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricRow();
}
