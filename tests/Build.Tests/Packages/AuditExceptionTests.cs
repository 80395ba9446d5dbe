namespace SecureShop.Build.Tests.Packages;

/// <summary>A written, dated exception is the only way round the audit.</summary>
[Trait("Practice", "P42")]
public sealed class AuditExceptionTests
{
    private const string Good = """<NuGetAuditSuppress Include="GHSA-1" Reason="Not reachable" Until="2026-03-31" />""";

    // The probe of the token engine only asks whether a package is there.
    private const string Probe = "TokenEngine.targets: NuGetAudit is decided in Directory.Audit.props";

    [Fact]
    public void The_repository_has_no_other_way_round_and_none_whose_day_has_passed()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var files = RepositoryFiles.Named("*.csproj", "*.props", "*.targets");
        Assert.Contains(AuditException.Place, files);

        Assert.Equal([Probe], files.SelectMany(name => AuditException.Problems(name, RepositoryFiles.Read(name), today)));
        Assert.DoesNotMatch("NU190|nuget_?audit", RepositoryFiles.Read(".editorconfig"));
        Assert.Empty(RepositoryFiles.Named("nuget.config", "NuGet.Config", "Directory.Build.rsp"));
    }

    [Theory]
    [InlineData("2026-03-30", null)]
    [InlineData("2026-03-31", null)]
    [InlineData("2026-04-01", "held until 2026-03-31")]
    public void An_exception_holds_to_the_end_of_its_day(string today, string? problem)
        => Assert.Equal(problem is null ? [] : [$"Directory.Audit.props: GHSA-1: {problem}"], Problems(AuditException.Place, Good, today));

    [Theory]
    [InlineData("""<NuGetAuditSuppress Include="GHSA-1" Until="2026-03-31" />""", "no Reason")]
    [InlineData("""<NuGetAuditSuppress Include="GHSA-1" Reason=" " Until="2026-03-31" />""", "no Reason")]
    [InlineData("""<NuGetAuditSuppress Include="GHSA-1" Reason="x" />""", "no Until as yyyy-MM-dd")]
    [InlineData("""<NuGetAuditSuppress Include="GHSA-1" Reason="x" Until="31.03.2026" />""", "no Until as yyyy-MM-dd")]
    public void Without_a_reason_or_a_day_it_is_none(string item, string problem)
        => Assert.Equal([$"Directory.Audit.props: GHSA-1: {problem}"], Problems(AuditException.Place, item, "2026-03-01"));

    [Theory]
    [InlineData(Good)]
    [InlineData("<NuGetAudit>false</NuGetAudit>")]
    [InlineData("<NuGetAuditMode>direct</NuGetAuditMode>")]
    [InlineData("<NuGetAuditLevel>critical</NuGetAuditLevel>")]
    [InlineData("<NoWarn>$(NoWarn);NU1903</NoWarn>")]
    [InlineData("<WarningsNotAsErrors>nu1904</WarningsNotAsErrors>")]
    [InlineData("""<PackageReference Include="A"><NoWarn>NU1901</NoWarn></PackageReference>""")]
    public void Elsewhere_nothing_is_one(string text) => Assert.Single(Problems("Gateway/Gateway.csproj", text, "2026-03-01"));

    private static IEnumerable<string> Problems(string name, string item, string today)
        => AuditException.Problems(name, $"<Project>{item}</Project>", DateOnly.Parse(today));
}
