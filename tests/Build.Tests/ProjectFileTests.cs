namespace SecureShop.Build.Tests;

/// <summary>What the project files ask for when the real packages are chosen; nothing is restored or built.</summary>
public sealed class ProjectFileTests
{
    private static readonly Dictionary<string, string> None = [];

    [Theory]
    [InlineData("Identity")]
    [InlineData("Catalog.Api")]
    [InlineData("Orders.Api")]
    [InlineData("Gateway")]
    [InlineData("Database")]
    public async Task With_the_real_packages_no_stand_in_is_left(string project)
    {
        var real = await EvaluateAsync(project, "-p:UseAspire=true", "-p:UseDuende=true", "-p:UseYarpPackage=true");

        Assert.DoesNotContain("StandIns", real, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identity_asks_for_Duende_in_full()
    {
        var real = await EvaluateAsync("Identity", "-p:UseAspire=true", "-p:UseDuende=true");
        var standIn = await EvaluateAsync("Identity", "-p:UseAspire=false", "-p:UseDuende=false");

        Assert.Contains("\"Duende.IdentityServer.AspNetIdentity\"", real, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Duende.", standIn, StringComparison.Ordinal);
        Assert.Contains("StandIns", standIn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppHost_is_made_by_Aspires_SDK_or_without_it()
    {
        var standIn = await EvaluateAsync("AppHost", "-p:UseAspire=false");
        Assert.Contains("AspireHosting", standIn, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Aspire.Hosting.", standIn, StringComparison.Ordinal);
        Assert.DoesNotContain("AzureDeployment.cs", standIn, StringComparison.Ordinal);

        var real = await Dotnet.RunAsync(Dotnet.Repository, None, Arguments("AppHost", "-p:UseAspire=true"));
        Assert.True(
            real.ExitCode == 0 ? real.Text.Contains("\"Aspire.Hosting.Azure.AppContainers\"", StringComparison.Ordinal)
                : real.Text.Contains("MSB4236: The SDK 'Aspire.AppHost.Sdk/13.2.4'", StringComparison.Ordinal),
            real.Text);
    }

    private static async Task<string> EvaluateAsync(string project, params string[] properties)
    {
        var output = await Dotnet.RunAsync(Dotnet.Repository, None, Arguments(project, properties));
        Assert.True(output.ExitCode == 0, output.Text);
        return output.Text;
    }

    private static string[] Arguments(string project, params string[] properties)
        => ["msbuild", $"{project}/{project}.csproj", "-getItem:PackageReference,ProjectReference,Reference,Using,Compile", .. properties];
}
