namespace SecureShop.Build.Tests.Packages;

/// <summary>docs/packages.md lists what is used, and nothing is used without a reason and a licence that is allowed.</summary>
[Trait("Practice", "P42")]
public sealed class PackagesPageTests
{
    private const string Name = "docs/packages.md";
    private const string Engine = "<Project><PropertyGroup><DuendeVersion>7.4.8</DuendeVersion></PropertyGroup></Project>";

    [Fact]
    public void The_page_is_what_the_project_files_and_the_lock_files_say()
    {
        var page = RepositoryFiles.Read(Name);
        var inventory = Current(page);
        Assert.Empty(inventory.Problems());

        var written = inventory.Written();
        if (Environment.GetEnvironmentVariable("REWRITE_DOCS") == "true")
            File.WriteAllText(Path.Combine(Dotnet.Repository, Name), written);
        else
            Assert.True(written == page, $"{Name} is not up to date. It says how it is written anew.");
    }

    [Fact]
    public void A_version_that_moved_is_noticed()
    {
        var page = RepositoryFiles.Read(Name);
        var moved = page.Replace("| Yarp.ReverseProxy | 2.3.0 |", "| Yarp.ReverseProxy | 2.2.0 |", StringComparison.Ordinal);
        Assert.NotEqual(page, moved);
        Assert.NotEqual(moved, Current(moved).Written());
    }

    [Theory]
    [InlineData("""Version="1.0" Why="a reason" """, "MIT", null)]
    [InlineData("""Version="1.0" """, "MIT", "A.Package does not say why")]
    [InlineData("""Version="1.0" Why=" " """, "MIT", "A.Package does not say why")]
    [InlineData("""Version="1.0" Why="a reason" """, "AGPL-3.0-only", "A.Package 1.0: AGPL-3.0-only is not an allowed licence")]
    [InlineData("""Version="1.0" Why="a reason" """, "BSD-4-Clause", "A.Package 1.0: BSD-4-Clause is not an allowed licence")]
    [InlineData("""Version="1.0" Why="a reason" """, null, "A.Package 1.0: nothing says its licence")]
    [InlineData("""Version="$(DuendeVersion)" Why="a reason" """, null, "A.Package 7.4.8: nothing says its licence")]
    public void A_package_has_a_reason_and_a_licence_that_is_allowed_for_it(string attributes, string? licence, string? problem)
        => Assert.Equal(problem is null ? [] : [problem], Problems(attributes, licence, [new("A.Package", null, "Gateway")], []));

    [Fact]
    public void What_is_used_is_listed_and_what_is_listed_is_used()
    {
        const string good = """Version="1.0" Why="a reason" """;
        Assert.Equal(["A.Package is used nowhere"], Problems(good, "MIT", [], []));
        Assert.Equal(["Another (Gateway) is not in Directory.Packages.props"], Problems(good, "MIT", [new("A.Package", null, "Gateway"), new("Another", null, "Gateway")], []));
    }

    [Fact]
    public void What_a_package_brings_along_needs_an_allowed_licence_too()
        => Assert.Equal(["Deep 2.0: GPL-2.0-only is not an allowed licence"], Problems(
            """Version="1.0" Why="a reason" Licence="MIT" """, "GPL-2.0-only", [new("A.Package", null, "Gateway")], [("Deep", "2.0")], only: "Deep"));

    private static PackageInventory Current(string page) => new(
        PackageRules.Current,
        PackageUse.All,
        [.. LockFile.All.SelectMany(file => file.Packages, (_, package) => (package.Id, package.Version))
            .Concat(NpmLock.All.SelectMany(file => file.Packages, (_, package) => (package.Name, package.Version))).Distinct()],
        PackageLicence.Of,
        page);

    private static IEnumerable<string> Problems(string attributes, string? licence, PackageUse[] uses, (string, string)[] locked, string? only = null)
    {
        var props = $"""
            <Project><ItemGroup Label="Some">
              <PackageVersion Include="A.Package" {attributes}/>
              <AllowedLicence Include="MIT;Apache-2.0" /><AllowedLicence Include="BSD-4-Clause" For="Old.*" />
            </ItemGroup></Project>
            """;
        return new PackageInventory(new(props, Engine), uses, locked, (id, _) => only is null || only == id ? licence : null, PackageInventory.Begin).Problems();
    }
}
