using System.Text.Json;
using SecureShop.Build.Tests.Packages;

namespace SecureShop.Build.Tests;

/// <summary>What Identity asks for under each token engine; nothing is restored or built.</summary>
public sealed class ProjectFileTests
{
    [Fact]
    public async Task With_Duende_its_package_and_neither_server_nor_sources_of_the_other()
    {
        var (packages, sources) = await EvaluateAsync("Duende");
        Assert.Contains("Duende.IdentityServer", packages);
        Assert.DoesNotContain(packages, item => item.StartsWith("OpenIddict.Server", StringComparison.Ordinal));
        Assert.Contains("Tokens/Duende/", sources);
        Assert.DoesNotContain("Tokens/OpenIddict/", sources);
    }

    [Fact]
    public async Task With_OpenIddict_nothing_of_Duende()
    {
        var (packages, sources) = await EvaluateAsync("OpenIddict");
        Assert.Contains("OpenIddict.Server.AspNetCore", packages);
        Assert.DoesNotContain(packages, item => item.StartsWith("Duende", StringComparison.Ordinal));
        Assert.Contains("Tokens/OpenIddict/", sources);
        Assert.DoesNotContain("Tokens/Duende/", sources);
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

    private static async Task<(string[] Packages, string[] Sources)> EvaluateAsync(string engine)
    {
        string[] arguments = ["msbuild", "Identity/Identity.csproj", "-getItem:PackageReference,Compile", $"-p:TokenEngine={engine}"];
        var output = await Dotnet.RunAsync(Dotnet.Repository, new Dictionary<string, string>(StringComparer.Ordinal), arguments);
        Assert.True(output.ExitCode == 0, output.Text);
        using var answer = JsonDocument.Parse(output.Text);
        var items = answer.RootElement.GetProperty("Items");
        return (Of("PackageReference"), [.. Of("Compile").Select(file => RepositoryFiles.FolderOf(file) + "/").Distinct(StringComparer.Ordinal)]);

        string[] Of(string kind) => [.. items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }
}
