using System.Text.Json;

namespace SecureShop.Build.Tests.Packages;

/// <summary>One entry of a lock file. A project has neither version nor hash.</summary>
internal sealed record LockedPackage(string Id, string Version, string Kind, string Hash);

/// <summary>What NuGet wrote down of a project's packages.</summary>
internal sealed record LockFile(string Name, IReadOnlyList<LockedPackage> Packages, IReadOnlyList<string> Projects)
{
    public string Folder => RepositoryFiles.FolderOf(Name);

    public static IReadOnlyList<LockFile> All { get; } = [.. RepositoryFiles.Named("packages*.lock.json").Select(name => Read(name, RepositoryFiles.Read(name)))];

    public static LockFile Read(string name, string text)
    {
        using var document = JsonDocument.Parse(text);
        var entries = document.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Select(entry => new LockedPackage(entry.Name, Text(entry.Value, "resolved"), Text(entry.Value, "type"), Text(entry.Value, "contentHash")))
            .Distinct().ToLookup(entry => entry.Kind == "Project");
        return new(name, [.. entries[false]], [.. entries[true].Select(entry => entry.Id)]);
    }

    private static string Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
