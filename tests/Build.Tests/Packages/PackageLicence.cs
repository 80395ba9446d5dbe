using System.Reflection;
using System.Xml.Linq;

namespace SecureShop.Build.Tests.Packages;

/// <summary>Reads under which licence a package is.</summary>
internal static class PackageLicence
{
    private static readonly string Root = typeof(PackageLicence).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NuGetPackageRoot").Value!;

    private const string Unread = "a text that nobody has read yet (LicenceText)";

    /// <summary>From npm's lock file or from the restored package; null where it was not restored here.</summary>
    public static string? Of(string id, string version)
    {
        if (NpmLock.All.SelectMany(file => file.Packages).FirstOrDefault(package => package.Name == id && package.Version == version) is { } npm)
            return npm.Licence.Length > 0 ? npm.Licence : PackageRules.Current.AsRead(id, version) ?? Unread;
        var folder = Path.Combine(Root, id.ToLowerInvariant(), version.ToLowerInvariant());
        return Directory.Exists(folder) ? Declared(Directory.EnumerateFiles(folder, "*.nuspec").Single(), id, version) : null;
    }

    private static string? Declared(string nuspec, string id, string version)
    {
        var licence = XDocument.Load(nuspec).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : PackageRules.Current.AsRead(id, version) ?? Unread;
    }
}
