namespace SecureShop.Build.Tests.Packages;

/// <summary>The repository's own files, by name: neither what a build leaves nor what npm fetches.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] NotOurs = ["bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>Paths from the repository's root, in order.</summary>
    public static IReadOnlyList<string> Named(params string[] patterns)
        => [.. Find(new DirectoryInfo(Dotnet.Repository), patterns).Select(file => Path.GetRelativePath(Dotnet.Repository, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>Of a path from the repository's root.</summary>
    public static string FolderOf(string name) => Path.GetDirectoryName(name)!.Replace('\\', '/');

    public static string Read(string name) => File.ReadAllText(Path.Combine(Dotnet.Repository, name));

    private static IEnumerable<string> Find(DirectoryInfo folder, string[] patterns)
        => patterns.SelectMany(pattern => folder.EnumerateFiles(pattern)).Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories()
                .Where(inner => !NotOurs.Contains(inner.Name, StringComparer.Ordinal) && (inner.Name[0] != '.' || inner.Name is ".github" or ".config" or ".ci"))
                .SelectMany(inner => Find(inner, patterns)));
}
