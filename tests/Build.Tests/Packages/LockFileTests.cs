using System.Xml.Linq;

namespace SecureShop.Build.Tests.Packages;

/// <summary>Every project has its lock file, and the right one of several.</summary>
[Trait("Practice", "P42")]
public sealed class LockFileTests
{
    public static TheoryData<string> Projects => [.. RepositoryFiles.Named("*.csproj")];

    /// <summary>Duende's can only be written where its packages restore.</summary>
    private static IEnumerable<LockFile> Duendes => LockFile.All.Where(file => file.Name.EndsWith("packages.duende.lock.json", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_has_one_lock_file_or_one_for_each_engine_or_machine_where_its_packages_differ(string project)
    {
        var variesBy = XDocument.Parse(RepositoryFiles.Read(project)).Descendants("LockVariesBy").SingleOrDefault()?.Value;
        var name = variesBy switch
        {
            null => "packages.lock.json",
            "engine" => "packages.openiddict.lock.json",
            "runtime" => "packages.linux-x64.lock.json",
            _ => throw new InvalidOperationException($"{project} varies by {variesBy}"),
        };
        var file = LockFile.All.SingleOrDefault(file => file.Name == $"{RepositoryFiles.FolderOf(project)}/{name}");

        Assert.True(file is not null, $"{project} has no {name}: dotnet restore SecureShop.sln, and commit it");
        Assert.Equal(variesBy == "engine", Path.GetFileName(project) == "Identity.csproj" || file.Projects.Contains("identity", StringComparer.OrdinalIgnoreCase));
        Assert.Equal(variesBy == "runtime", file.Packages.Any(package => package.Id.EndsWith(".linux-x64", StringComparison.Ordinal)));
    }

    /// <summary>A publish for a container asks for one runtime, of every project that it builds: without it in the lock file, NU1004.</summary>
    [Theory]
    [InlineData("Catalog.Api")]
    [InlineData("Database")]
    [InlineData("Gateway")]
    [InlineData("Identity")]
    [InlineData("Mail")]
    [InlineData("Orders.Api")]
    [InlineData("ServiceDefaults")]
    [InlineData("Storage")]
    public void What_becomes_a_container_is_locked_for_its_runtime(string folder)
    {
        var files = LockFile.All.Where(file => file.Folder == folder).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Contains("\"net10.0/linux-x64\"", RepositoryFiles.Read(file.Name), StringComparison.Ordinal));
    }

    [Fact]
    public void No_lock_file_is_left_over()
    {
        var projects = RepositoryFiles.Named("*.csproj").Select(RepositoryFiles.FolderOf).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(projects, LockFile.All.Select(file => file.Folder).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_package_is_locked_by_the_hash_of_its_content()
    {
        var packages = LockFile.All.SelectMany(file => file.Packages.Select(package => (file.Name, package.Id, package.Hash))).ToList();
        Assert.True(packages.Count > 500, $"{packages.Count} entries");
        Assert.DoesNotContain(packages, package => package.Hash.Length != 88 || Convert.FromBase64String(package.Hash).Length != 64);
    }

    /// <summary>A restore that fails for want of Duende writes a file without it.</summary>
    [Fact]
    public void Duendes_lock_files_name_Duende() => Assert.All(
        Duendes, file => Assert.Contains(file.Packages, package => package.Id == "Duende.IdentityServer"));
}
