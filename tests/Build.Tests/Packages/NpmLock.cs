using System.Text.Json;

namespace SecureShop.Build.Tests.Packages;

/// <summary>One package in npm's lock file.</summary>
internal sealed record NpmPackage(string Name, string Version, string Licence, string Integrity, bool HasInstallScript);

/// <summary>What npm wrote down, and what package.json beside it asks for.</summary>
internal sealed record NpmLock(string Folder, IReadOnlyList<NpmPackage> Packages, IReadOnlyList<PackageUse> Direct)
{
    public static IReadOnlyList<NpmLock> All { get; } = [.. RepositoryFiles.Named("package-lock.json")
        .Select(name => Read(RepositoryFiles.FolderOf(name), RepositoryFiles.Read(name)))];

    public static NpmLock Read(string folder, string text)
    {
        using var document = JsonDocument.Parse(text);
        var packages = document.RootElement.GetProperty("packages");
        var root = packages.GetProperty("");
        var asked = ((string[])["dependencies", "devDependencies", "optionalDependencies"])
            .Where(kind => root.TryGetProperty(kind, out _)).SelectMany(kind => root.GetProperty(kind).EnumerateObject());
        return new(
            folder,
            [.. packages.EnumerateObject().Where(entry => entry.Name.Length > 0).Select(Package)],
            [.. asked.Select(entry => new PackageUse(entry.Name, entry.Value.GetString(), folder))]);
    }

    private static NpmPackage Package(JsonProperty entry)
    {
        const string folder = "node_modules/";
        return new(
            entry.Name[(entry.Name.LastIndexOf(folder, StringComparison.Ordinal) + folder.Length)..],
            Text("version"), Text("license"), Text("integrity"),
            entry.Value.TryGetProperty("hasInstallScript", out var script) && script.GetBoolean());

        string Text(string name) => entry.Value.TryGetProperty(name, out var value) ? value.GetString()! : "";
    }
}
