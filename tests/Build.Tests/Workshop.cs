using System.IO.Compression;
using System.Xml.Linq;

namespace SecureShop.Build.Tests;

/// <summary>
/// A folder of its own with a feed, a packages folder and a small project that takes the repository's choice of packages.
/// </summary>
internal sealed class Workshop : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secureshop-build-");
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public Workshop(string? source = null)
    {
        Directory.CreateDirectory(Feed);
        _environment["NUGET_PACKAGES"] = Packages;
        _environment["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_folder.FullName, "http");
        foreach (var file in (string[])["Versions.props", "Directory.Solution.targets", "StandIns/StandIns.props", "StandIns/StandIns.targets", "StandIns/Packages/Packages.proj"])
        {
            var copy = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Dotnet.Repository, file), copy);
        }

        // What lies above the temporary folder is none of the test's business.
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            Write(file, "<Project />");

        Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{source ?? Feed}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
        Write("Sample/Sample.csproj", """
            <Project>
              <Import Project="../StandIns/StandIns.props" />
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Duende.IdentityServer" Version="$(DuendeVersion)" Condition="'$(UseDuende)' == 'true'" />
                <PackageReference Include="Aspire.Hosting.Redis" Version="$(AspireVersion)" Condition="'$(UseAspire)' == 'true'" />
              </ItemGroup>
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
              <Import Project="../StandIns/StandIns.targets" />
            </Project>
            """);
        Write("Sample.sln", """
            Microsoft Visual Studio Solution File, Format Version 12.00
            Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Sample", "Sample\Sample.csproj", "{D4A6BB3E-9145-47E1-8006-AB0B87E68B20}"
            EndProject
            Global
              GlobalSection(SolutionConfigurationPlatforms) = preSolution
                Debug|Any CPU = Debug|Any CPU
              EndGlobalSection
              GlobalSection(ProjectConfigurationPlatforms) = postSolution
                {D4A6BB3E-9145-47E1-8006-AB0B87E68B20}.Debug|Any CPU.ActiveCfg = Debug|Any CPU
                {D4A6BB3E-9145-47E1-8006-AB0B87E68B20}.Debug|Any CPU.Build.0 = Debug|Any CPU
              EndGlobalSection
            EndGlobal
            """);
    }

    public string Packages => Path.Combine(_folder.FullName, "packages");

    private string Root => Path.Combine(_folder.FullName, "repo");

    private string Feed => Path.Combine(_folder.FullName, "feed");

    /// <summary>What the project's restore took in, or nothing before a restore.</summary>
    public string Assets
    {
        get
        {
            var file = Path.Combine(Root, "Sample", "obj", "project.assets.json");
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
    }

    public void Set(string variable, string value) => _environment[variable] = value;

    public Task<Output> RunAsync(params string[] arguments) => Dotnet.RunAsync(Root, _environment, arguments);

    /// <summary>Puts an empty package into the feed for every one that the choice asks for and whose id fits.</summary>
    public void Publish(Func<string, bool> which)
    {
        var versions = XDocument.Load(Path.Combine(Root, "Versions.props")).Descendants()
            .Where(e => !e.HasElements).ToDictionary(e => $"$({e.Name.LocalName})", e => e.Value, StringComparer.Ordinal);
        foreach (var package in XDocument.Load(Path.Combine(Root, "StandIns/Packages/Packages.proj")).Descendants("PackageDownload"))
        {
            var id = package.Attribute("Include")!.Value;
            var version = package.Attribute("Version")!.Value.Trim('[', ']');
            if (which(id))
                Pack(id, versions.GetValueOrDefault(version, version));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Pack(string id, string version)
    {
        using var archive = ZipFile.Open(Path.Combine(Feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open());
        writer.Write($"""
            <package>
              <metadata><id>{id}</id><version>{version}</version><authors>test</authors><description>An empty package.</description></metadata>
            </package>
            """);
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
