using System.Text;
using System.Text.RegularExpressions;

namespace SecureShop.Build.Tests.Packages;

/// <summary>Every package, asked for or brought along: what is wrong with the list, and the list as docs/packages.md shows it.</summary>
/// <param name="rules">Reasons, and what licences are allowed.</param>
/// <param name="uses">What is asked for, and where.</param>
/// <param name="locked">What the lock files name.</param>
/// <param name="licenceOf">The licence of a package that is here.</param>
/// <param name="page">The page as it is: what another machine has restored stays as it was read there.</param>
internal sealed partial class PackageInventory(
    PackageRules rules, IReadOnlyList<PackageUse> uses, IReadOnlyList<(string Id, string Version)> locked, Func<string, string, string?> licenceOf, string page)
{
    public const string Begin = "<!-- from here: written by tests/Build.Tests, see above -->";

    private readonly Dictionary<(string, string), string> _shown = Row.Matches(page, page.IndexOf(Begin, StringComparison.Ordinal))
        .DistinctBy(row => (row.Groups["id"].Value, row.Groups["version"].Value))
        .ToDictionary(row => (row.Groups["id"].Value, row.Groups["version"].Value), row => row.Groups["licence"].Value);

    private IEnumerable<(PackageReason Reason, string Version, string[] Where)> Asked
        => from reason in rules.Reasons
           let used = uses.Where(use => Same(use.Id, reason.Id)).ToList()
           select (reason, reason.Version ?? used.FirstOrDefault()?.Version ?? "?", used.Select(use => use.Where).Distinct(StringComparer.Ordinal).ToArray());

    private IEnumerable<(string Id, string Version)> Brought
        => locked.Except(Asked.Select(asked => (asked.Reason.Id, asked.Version))).OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase).ThenBy(package => package.Version, StringComparer.Ordinal);

    public IEnumerable<string> Problems()
    {
        foreach (var use in uses.Where(use => !rules.Reasons.Any(reason => Same(reason.Id, use.Id))))
            yield return $"{use.Id} ({use.Where}) is not in Directory.Packages.props";
        foreach (var (reason, _, where) in Asked)
        {
            if (string.IsNullOrWhiteSpace(reason.Why))
                yield return $"{reason.Id} does not say why";
            if (where.Length == 0)
                yield return $"{reason.Id} is used nowhere";
        }

        foreach (var (id, version) in Asked.Select(asked => (asked.Reason.Id, asked.Version)).Concat(Brought))
        {
            if (Licence(id, version) is not { } licence)
                yield return $"{id} {version}: nothing says its licence";
            else if (!rules.Allows(licence, id))
                yield return $"{id} {version}: {licence} is not an allowed licence";
        }
    }

    /// <summary>The page with its generated part written anew.</summary>
    public string Written()
    {
        var text = new StringBuilder(page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)]).Append('\n');
        foreach (var group in Asked.GroupBy(asked => asked.Reason.Group))
        {
            text.Append($"\n### {group.Key}\n\n| package | version | licence | why | where |\n|---|---|---|---|---|\n");
            foreach (var (reason, version, where) in group)
                text.Append($"| {reason.Id} | {version} | {Licence(reason.Id, version)} | {reason.Why} | {string.Join(", ", where)} |\n");
        }

        text.Append("\n### What they bring along\n\n| package | version | licence |\n|---|---|---|\n");
        foreach (var (id, version) in Brought)
            text.Append($"| {id} | {version} | {Licence(id, version)} |\n");
        return text.ToString();
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private string? Licence(string id, string version)
        => licenceOf(id, version) ?? rules.Reasons.FirstOrDefault(reason => Same(reason.Id, id))?.Licence ?? _shown.GetValueOrDefault((id, version));

    [GeneratedRegex(@"(?m)^\| (?<id>[^|]+) \| (?<version>[^|]+) \| (?<licence>[^|]+) \|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row { get; }
}
