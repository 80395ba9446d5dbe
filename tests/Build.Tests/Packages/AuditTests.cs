namespace SecureShop.Build.Tests.Packages;

/// <summary>A package with a known vulnerability stops the restore, by the repository's own Directory.Audit.props.</summary>
[Trait("Practice", "P42")]
public sealed class AuditTests
{
    private const string Exceptions = "  <ItemGroup>\n  </ItemGroup>";

    [Theory]
    [InlineData(0, "NU1901")]
    [InlineData(1, "NU1902")]
    [InlineData(2, "NU1903")]
    [InlineData(3, "NU1904")]
    public async Task A_known_vulnerability_of_any_severity_fails_even_deep_down(int severity, string code)
    {
        using var source = new AuditSource("Deep.Package", severity);
        using var workshop = Prepare(source);

        var output = await workshop.RunAsync("restore", "Sample");

        Assert.NotEqual(0, output.ExitCode);
        Assert.Contains($"error {code}", output.Text, StringComparison.Ordinal);
        Assert.Contains(AuditSource.Advisory, output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_entry_the_same_restore_passes()
    {
        using var source = new AuditSource("Unrelated.Package", severity: 3);
        using var workshop = Prepare(source);

        var output = await workshop.RunAsync("restore", "Sample");

        Assert.True(output.ExitCode == 0, output.Text);
        Assert.DoesNotContain("NU190", output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AuditSource.Advisory, true)]
    [InlineData("https://github.com/advisories/GHSA-some-other-one0", false)]
    public async Task An_exception_holds_for_its_advisory_only(string advisory, bool passes)
    {
        using var source = new AuditSource("Deep.Package", severity: 2);
        using var workshop = Prepare(source);
        var props = workshop.Read("Directory.Audit.props")!;
        Assert.Contains(Exceptions, props, StringComparison.Ordinal);
        workshop.Write("Directory.Audit.props", props.Replace(
            Exceptions, $"""<ItemGroup><NuGetAuditSuppress Include="{advisory}" Reason="Not reachable" Until="2999-01-01" /></ItemGroup>""", StringComparison.Ordinal));

        var output = await workshop.RunAsync("restore", "Sample");

        Assert.True(passes == (output.ExitCode == 0), output.Text);
    }

    /// <summary>A mirror without the list builds all the same; the run of all checks says that nothing was compared.</summary>
    [Fact]
    public async Task A_source_that_does_not_answer_is_a_warning()
    {
        using var workshop = new Workshop(audit: "http://127.0.0.1:9/index.json");
        workshop.Publish("Some.Package", "1.0.0");
        workshop.Refer("""<PackageReference Include="Some.Package" Version="1.0.0" />""", "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>");

        var output = await workshop.RunAsync("restore", "Sample");

        Assert.True(output.ExitCode == 0, output.Text);
        Assert.Contains("warning NU1900", output.Text, StringComparison.Ordinal);
    }

    private static Workshop Prepare(AuditSource source)
    {
        var workshop = new Workshop(audit: source.Address);
        workshop.Publish("Deep.Package", "1.0.0");
        workshop.Publish("Some.Package", "1.0.0", """<dependency id="Deep.Package" version="1.0.0" />""");
        workshop.Refer("""<PackageReference Include="Some.Package" Version="1.0.0" />""");
        return workshop;
    }
}
