using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SecureShop.Build.Tests.Packages;

/// <summary>Why a package is here, under which heading, at which version, and its licence where only people can read it.</summary>
internal sealed record PackageReason(string Group, string Id, string? Version, string? Licence, string? Why);

/// <summary>What Directory.Packages.props says of packages and licences.</summary>
internal sealed partial class PackageRules
{
    private readonly List<(string Licence, string[] For)> _allowed;
    private readonly Dictionary<(string, string), string> _texts;

    public PackageRules(string props, string engine)
    {
        var document = XDocument.Parse(props);
        var properties = document.Descendants("PropertyGroup").Concat(XDocument.Parse(engine).Descendants("PropertyGroup")).Elements()
            .Where(property => property.Name.LocalName.EndsWith("Version", StringComparison.Ordinal))
            .DistinctBy(property => property.Name.LocalName).ToDictionary(property => property.Name.LocalName, property => property.Value, StringComparer.Ordinal);
        Reasons = [.. document.Descendants().Where(item => item.Name.LocalName is "PackageVersion" or "PackageReason").Select(item => new PackageReason(
            item.Parent!.Attribute("Label")!.Value,
            item.Attribute("Include")!.Value,
            item.Attribute("Version") is { Value: var version } ? Property.Replace(version, match => properties[match.Groups["name"].Value]) : null,
            item.Attribute("Licence")?.Value,
            item.Attribute("Why")?.Value))];
        _allowed = [.. document.Descendants("AllowedLicence").SelectMany(
            item => item.Attribute("Include")!.Value.Split(';'), (item, licence) => (licence, item.Attribute("For")?.Value.Split(';') ?? ["*"]))];
        _texts = document.Descendants("LicenceText").ToDictionary(
            item => (item.Attribute("Include")!.Value, item.Attribute("Version")!.Value), item => item.Attribute("Licence")!.Value);
    }

    public static PackageRules Current { get; } = new(RepositoryFiles.Read("Directory.Packages.props"), RepositoryFiles.Read("TokenEngine.targets"));

    public IReadOnlyList<PackageReason> Reasons { get; }

    /// <summary>The licence of a package that brings a text instead of a name, as somebody has read it.</summary>
    public string? AsRead(string id, string version) => _texts.GetValueOrDefault((id, version));

    public bool Allows(string licence, string id)
        => _allowed.Any(rule => rule.Licence == licence && rule.For.Any(pattern => pattern[^1] == '*' ? id.StartsWith(pattern[..^1], StringComparison.Ordinal) : id == pattern));

    [GeneratedRegex(@"\$\((?<name>\w+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Property { get; }
}
