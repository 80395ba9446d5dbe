namespace SecureShop.Build.Tests.Packages;

/// <summary>`bash .ci/audit` says whether anything was compared at all, and fails for what npm's source knows.</summary>
[Trait("Practice", "P42")]
public sealed class AuditScriptTests
{
    private const string NobodyAnswers = "http://127.0.0.1:9/";

    [Fact]
    public async Task It_says_that_nothing_was_compared_where_no_source_has_a_list()
    {
        using var workshop = new Workshop();
        workshop.Publish("Newtonsoft.Json", "12.0.3");

        var output = await RunAsync(workshop, NobodyAnswers);

        Assert.True(output.ExitCode == 0, output.Text);
        Assert.Contains("AUDIT OF NUGET: NOT MADE", output.Text, StringComparison.Ordinal);
        Assert.Contains("AUDIT OF NPM: NOT MADE for EmbeddedServers/npm", output.Text, StringComparison.Ordinal);
        Assert.Contains("AUDIT OF NPM: NOT MADE for tests/Build.Tests/npm", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_that_all_was_compared_where_the_sources_know_something_else()
    {
        using var source = new AuditSource("Newtonsoft.Json", severity: 2, below: "13.0.1");
        using var workshop = new Workshop(audit: source.Address);
        workshop.Publish("Newtonsoft.Json", "12.0.3");

        var output = await RunAsync(workshop, source.Registry);

        Assert.True(output.ExitCode == 0, output.Text);
        Assert.Contains("AUDIT OF NUGET: made", output.Text, StringComparison.Ordinal);
        Assert.Contains("AUDIT OF NPM: made for EmbeddedServers/npm; nothing known", output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("NOT MADE", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_fails_for_a_package_of_npms_that_is_known_as_vulnerable()
    {
        using var source = new AuditSource("chalk", severity: 2, below: "5.3.0");
        using var workshop = new Workshop(audit: source.Address);

        var output = await RunAsync(workshop, source.Registry);

        Assert.NotEqual(0, output.ExitCode);
        Assert.Contains("AUDIT OF NPM: tests/Build.Tests/npm HAS KNOWN VULNERABILITIES", output.Text, StringComparison.Ordinal);
        Assert.Contains("AUDIT OF NPM: made for EmbeddedServers/npm; nothing known", output.Text, StringComparison.Ordinal);
    }

    private static Task<Output> RunAsync(Workshop workshop, string registry)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is made for bash on Linux, where all checks run.");
        return Dotnet.RunAsync("bash", Dotnet.Repository, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RestoreConfigFile"] = workshop.Configuration,
            ["npm_config_registry"] = registry,
            ["npm_config_fetch_retries"] = "0",
        }, [".ci/audit"]);
    }
}
