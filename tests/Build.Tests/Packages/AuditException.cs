using System.Globalization;
using System.Xml.Linq;

namespace SecureShop.Build.Tests.Packages;

/// <summary>What is wrong with the ways round the audit that a file of MSBuild's holds.</summary>
internal static class AuditException
{
    public const string Place = "Directory.Audit.props";

    // By these the audit, or an error of it (NU1901 to NU1904), could be switched off.
    private const string Codes = "NU190";
    private static readonly string[] Switches = ["NuGetAudit", "NuGetAuditMode", "NuGetAuditLevel"];
    private static readonly string[] Lists = ["NoWarn", "WarningsNotAsErrors", "WarningsAsErrors"];

    public static IEnumerable<string> Problems(string name, string text, DateOnly today)
    {
        foreach (var element in XDocument.Parse(text).Descendants())
        {
            var kind = element.Name.LocalName;
            if (kind == "NuGetAuditSuppress")
            {
                foreach (var problem in name == Place ? Problems(element, today) : [$"an exception stands in {Place} or nowhere"])
                    yield return $"{name}: {element.Attribute("Include")?.Value}: {problem}";
            }
            else if (name != Place && Switches.Contains(kind, StringComparer.OrdinalIgnoreCase))
                yield return $"{name}: {kind} is decided in {Place}";
            else if (name != Place && Lists.Contains(kind, StringComparer.OrdinalIgnoreCase) && element.Value.Contains(Codes, StringComparison.OrdinalIgnoreCase))
                yield return $"{name}: {kind} lets a known vulnerability pass";
        }
    }

    private static IEnumerable<string> Problems(XElement exception, DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(exception.Attribute("Reason")?.Value))
            yield return "no Reason";
        if (!DateOnly.TryParseExact(exception.Attribute("Until")?.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until))
            yield return "no Until as yyyy-MM-dd";
        else if (until < today)
            yield return $"held until {until:O}";
    }
}
