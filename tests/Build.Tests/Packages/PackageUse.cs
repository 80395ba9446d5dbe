using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SecureShop.Build.Tests.Packages;

/// <summary>A package that the repository asks for, by a project, as a tool or from npm, and where.</summary>
internal sealed partial record PackageUse(string Id, string? Version, string Where)
{
    public static IReadOnlyList<PackageUse> All { get; } = [.. Referred(), .. Sdks(), .. Implicit(), .. Downloaded(), .. Tools(), .. NpmLock.All.SelectMany(file => file.Direct)];

    private static IEnumerable<PackageUse> Referred()
        => RepositoryFiles.Named("*.csproj", "Directory.Build.*").SelectMany(
            name => XDocument.Parse(RepositoryFiles.Read(name)).Descendants("PackageReference").Where(item => item.Attribute("Include") is not null),
            (name, item) => new PackageUse(item.Attribute("Include")!.Value, null, Place(name, item)));

    private static string Place(string name, XElement item) => name switch
    {
        "Directory.Build.props" => "every project",
        "Directory.Build.targets" => item.Parent!.Attribute("Condition")!.Value.Contains("IsTestProject", StringComparison.Ordinal) ? "every test project" : "by hand",
        _ => RepositoryFiles.FolderOf(name),
    };

    private static IEnumerable<PackageUse> Sdks()
        => from name in RepositoryFiles.Named("*.csproj")
           let sdk = XDocument.Parse(RepositoryFiles.Read(name)).Root!.Attribute("Sdk")?.Value.Split('/')
           where sdk.Length == 2
           select new PackageUse(sdk[0], sdk[1], RepositoryFiles.FolderOf(name));

    /// <summary>What an SDK refers to by itself, for this machine.</summary>
    private static IEnumerable<PackageUse> Implicit()
        => from file in LockFile.All
           from package in file.Packages
           where package.Kind == "Direct" && package.Id.EndsWith(".linux-x64", StringComparison.Ordinal)
           select new PackageUse(package.Id, package.Version, file.Folder);

    /// <summary>A program for a test, which every kind of machine has in a package of its own.</summary>
    private static IEnumerable<PackageUse> Downloaded()
        => from name in RepositoryFiles.Named("*.csproj")
           from item in XDocument.Parse(RepositoryFiles.Read(name)).Descendants("PackageDownload")
           select new PackageUse(Machine().Replace(item.Attribute("Include")!.Value, "linux-x64"), null, RepositoryFiles.FolderOf(name));

    private static IEnumerable<PackageUse> Tools()
    {
        using var document = JsonDocument.Parse(RepositoryFiles.Read(".config/dotnet-tools.json"));
        return [.. document.RootElement.GetProperty("tools").EnumerateObject().Select(tool => new PackageUse(tool.Name, tool.Value.GetProperty("version").GetString(), "tool"))];
    }

    [GeneratedRegex(@"\$\(\w+\)-\$\(\w+\)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Machine();
}
