using System.Text.Json;

namespace SecureShop.Build.Tests;

/// <summary>What Identity asks for under each token engine; nothing is restored or built.</summary>
public sealed class ProjectFileTests
{
    [Fact]
    public async Task With_Duende_both_of_its_packages_and_nothing_of_the_stand_in()
    {
        var (packages, projects, names) = await EvaluateAsync("true");
        Assert.Contains("Duende.IdentityServer", packages);
        Assert.Contains("Duende.IdentityServer.AspNetIdentity", packages);
        Assert.DoesNotContain(projects.Concat(names), item => item.Contains("StandIns", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_the_stand_in_nothing_of_Duende()
    {
        var (packages, projects, names) = await EvaluateAsync("false");
        Assert.DoesNotContain(packages.Concat(names), item => item.StartsWith("Duende", StringComparison.Ordinal));
        Assert.Contains(projects, item => item.Contains("StandIns", StringComparison.Ordinal));
    }

    [Theory, Trait("Practice", "P42")]
    [InlineData("Catalog.Api")]
    [InlineData("Database")]
    [InlineData("Gateway")]
    [InlineData("Identity")]
    [InlineData("Orders.Api")]
    public async Task A_container_has_no_shell_and_builds_on_this_version_of_NET(string project)
    {
        string[] arguments = ["msbuild", project, "-t:ComputeContainerBaseImage", "-p:RuntimeIdentifier=linux-x64", "-p:Configuration=Release", "-getProperty:ContainerBaseImage"];
        var output = await Dotnet.RunAsync(Dotnet.Repository, new Dictionary<string, string>(StringComparer.Ordinal), arguments);
        Assert.EndsWith("/dotnet/aspnet:10.0-noble-chiseled-extra", output.Text.Trim(), StringComparison.Ordinal);
    }

    /// <summary>azd builds all images at the same time. In one folder their builds would write the same files.</summary>
    [Fact]
    public async Task Each_image_is_built_in_folders_of_its_own()
    {
        var folders = new List<string>();
        foreach (var image in (string[])["secureshop/catalog-trial", "secureshop/database-trial"])
        {
            string[] arguments = ["msbuild", "Catalog.Api", $"-p:ContainerRepository={image}", "-getProperty:MSBuildProjectExtensionsPath,OutputPath"];
            var output = await Dotnet.RunAsync(Dotnet.Repository, new Dictionary<string, string>(StringComparer.Ordinal), arguments);
            Assert.True(output.ExitCode == 0, output.Text);
            using var answer = JsonDocument.Parse(output.Text);
            folders.AddRange(answer.RootElement.GetProperty("Properties").EnumerateObject().Select(property => property.Value.GetString()!));
            Assert.All(folders.TakeLast(2), folder => Assert.Contains($"artifacts/images/{image}/", folder.Replace('\\', '/'), StringComparison.Ordinal));
        }

        Assert.Equal(4, folders.Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<(string[] Packages, string[] Projects, string[] Names)> EvaluateAsync(string useDuende)
    {
        string[] arguments = ["msbuild", "Identity/Identity.csproj", "-getItem:PackageReference,ProjectReference,Using", $"-p:UseDuende={useDuende}"];
        var output = await Dotnet.RunAsync(Dotnet.Repository, new Dictionary<string, string>(StringComparer.Ordinal), arguments);
        Assert.True(output.ExitCode == 0, output.Text);
        using var answer = JsonDocument.Parse(output.Text);
        var items = answer.RootElement.GetProperty("Items");
        return (Of("PackageReference"), Of("ProjectReference"), Of("Using"));

        string[] Of(string kind) => [.. items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }
}
