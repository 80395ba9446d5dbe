namespace SecureShop.Build.Tests.Packages;

/// <summary>What a restore does with lock files, in CI and elsewhere, by the repository's own Directory.Locks.targets.</summary>
[Trait("Practice", "P42")]
public sealed class LockedRestoreTests
{
    private const string Some = """<PackageReference Include="Some.Package" Version="[1.0.0, )" />""";
    private const string Duende = """<PackageReference Include="Duende.IdentityServer" Version="$(DuendeVersion)" Condition="'$(TokenEngine)' == 'Duende'" />""";

    [Fact]
    public async Task In_CI_a_restore_takes_what_is_locked_and_fails_where_that_is_not_what_the_project_asks_for()
    {
        using var workshop = new Workshop();
        workshop.Publish("Some.Package", "1.0.0");
        workshop.Publish("Another.Package", "1.0.0");
        workshop.Refer(Some);
        await SucceedsAsync(workshop);
        var written = workshop.Read("Sample/packages.lock.json");
        Assert.Contains("Some.Package", written, StringComparison.Ordinal);

        workshop.Set("CI", "true");
        await SucceedsAsync(workshop);
        workshop.Refer(Some + """<PackageReference Include="Another.Package" Version="1.0.0" />""");
        var changed = await workshop.RunAsync("restore", "Sample");

        Assert.NotEqual(0, changed.ExitCode);
        Assert.Contains("NU1004", changed.Text, StringComparison.Ordinal);
        Assert.Equal(written, workshop.Read("Sample/packages.lock.json"));
    }

    /// <summary>The attack: a version that everybody has used is replaced at its source.</summary>
    [Fact]
    public async Task A_package_whose_content_is_another_than_the_locked_one_is_not_taken()
    {
        using var workshop = new Workshop();
        workshop.Publish("Some.Package", "1.0.0");
        workshop.Refer(Some);
        await SucceedsAsync(workshop);

        workshop.Replace("Some.Package", "1.0.0");
        var replaced = await workshop.RunAsync("restore", "Sample");

        Assert.NotEqual(0, replaced.ExitCode);
        Assert.Contains("NU1403", replaced.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_engine_has_a_lock_file_and_one_that_nobody_could_write_yet_stops_nothing()
    {
        using var workshop = new Workshop();
        workshop.Publish(Workshop.Duende);
        workshop.Refer(Duende, "<LockVariesBy>engine</LockVariesBy>");
        await SucceedsAsync(workshop, "-p:TokenEngine=OpenIddict");
        var openIddict = workshop.Read("Sample/packages.openiddict.lock.json");
        Assert.NotNull(openIddict);

        workshop.Set("CI", "true");
        await SucceedsAsync(workshop);

        Assert.Contains("Duende.IdentityServer", workshop.Read("Sample/packages.duende.lock.json"), StringComparison.Ordinal);
        Assert.Equal(openIddict, workshop.Read("Sample/packages.openiddict.lock.json"));
        await SucceedsAsync(workshop, "-p:TokenEngine=OpenIddict");
    }

    [Fact]
    public async Task Another_machine_neither_finds_its_lock_wrong_nor_changes_the_committed_one()
    {
        using var workshop = new Workshop();
        workshop.Publish("Some.linux-x64", "1.0.0");
        workshop.Publish("Some.osx-arm64", "1.0.0");
        workshop.Refer("""<PackageReference Include="Some.$(NETCoreSdkRuntimeIdentifier)" Version="1.0.0" />""", "<LockVariesBy>runtime</LockVariesBy>");
        await SucceedsAsync(workshop, "-p:NETCoreSdkRuntimeIdentifier=linux-x64");
        var linux = workshop.Read("Sample/packages.linux-x64.lock.json");
        Assert.Contains("Some.linux-x64", linux, StringComparison.Ordinal);

        workshop.Set("CI", "true");
        await SucceedsAsync(workshop, "-p:NETCoreSdkRuntimeIdentifier=osx-arm64");

        Assert.Equal(linux, workshop.Read("Sample/packages.linux-x64.lock.json"));
    }

    private static async Task SucceedsAsync(Workshop workshop, params string[] arguments)
    {
        var output = await workshop.RunAsync(["restore", "Sample", .. arguments]);
        Assert.True(output.ExitCode == 0, output.Text);
    }
}
