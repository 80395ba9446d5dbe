using System.Text.Json;

namespace SecureShop.Build.Tests.Packages;

/// <summary>`bash .ci/sbom` names every package that the lock files of what is shipped name, at its version and with a hash.</summary>
[Trait("Practice", "P42")]
public sealed class SbomTests
{
    private const string Shipped = ".ci/shipped.slnf";

    [Fact]
    public async Task It_names_every_package_that_is_shipped_and_the_same_commit_gives_the_same_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is made for bash on Linux, where the containers are built.");
        var folder = Directory.CreateTempSubdirectory("secureshop-sbom-");
        try
        {
            var first = await WriteAsync(folder.FullName);
            Assert.Empty(Missing(first));
            Assert.Contains("\"bomFormat\": \"CycloneDX\"", first, StringComparison.Ordinal);
            Assert.DoesNotContain("xunit", first, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(first, await WriteAsync(folder.FullName));

            // A copy from which one package is gone, or its hash, or whose version is another.
            var yarp = "pkg:nuget/Yarp.ReverseProxy@2.3.0";
            Assert.Equal([yarp], Missing(first.Replace($"\"purl\": \"{yarp}\"", "\"purl\": \"pkg:nuget/Yarp.ReverseProxy@2.2.0\"", StringComparison.Ordinal)));
            Assert.NotEmpty(Missing(first.Replace("SHA-512", "MD5", StringComparison.Ordinal)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_is_shipped_is_every_project_that_becomes_a_container()
    {
        // The mailbox takes the letters of a local run; no container is made of it.
        string[] notShipped = ["tests/", "bench/", "Mailbox/"];
        var containers = RepositoryFiles.Named("*.csproj").Where(name => !notShipped.Any(folder => name.StartsWith(folder, StringComparison.Ordinal)))
            .Where(name => RepositoryFiles.Read(name) is var text && (text.Contains("Microsoft.NET.Sdk.Web", StringComparison.Ordinal) || text.Contains("<ContainerPort ", StringComparison.Ordinal)));
        Assert.Equal(containers, Projects());
    }

    private static IEnumerable<string> Missing(string sbom)
    {
        using var document = JsonDocument.Parse(sbom);
        var named = document.RootElement.GetProperty("components").EnumerateArray()
            .Where(component => component.TryGetProperty("hashes", out var hashes) && hashes.EnumerateArray().Any(hash => hash.GetProperty("alg").GetString() == "SHA-512"))
            .Select(component => component.GetProperty("purl").GetString()!.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
        var folders = Projects().Select(RepositoryFiles.FolderOf).ToHashSet(StringComparer.Ordinal);
        var other = named.Any(name => name.Contains("/DUENDE.IDENTITYSERVER@", StringComparison.Ordinal)) ? "packages.openiddict." : "packages.duende.";
        var locked = LockFile.All.Where(file => folders.Contains(file.Folder) && !file.Name.Contains(other, StringComparison.Ordinal)).SelectMany(file => file.Packages).ToList();
        Assert.True(locked.Count > 100, $"{locked.Count} entries");
        return [.. locked.Select(package => $"pkg:nuget/{package.Id}@{package.Version}").Distinct(StringComparer.Ordinal).Where(name => !named.Contains(name.ToUpperInvariant()))];
    }

    private static List<string> Projects()
    {
        using var document = JsonDocument.Parse(RepositoryFiles.Read(Shipped));
        return [.. document.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(project => project.GetString()!)];
    }

    private static async Task<string> WriteAsync(string folder)
    {
        var output = await Dotnet.RunAsync("bash", Dotnet.Repository, new Dictionary<string, string>(StringComparer.Ordinal), [".ci/sbom", folder]);
        Assert.True(output.ExitCode == 0, output.Text);
        return await File.ReadAllTextAsync(Path.Combine(folder, "sbom.json"), TestContext.Current.CancellationToken);
    }
}
