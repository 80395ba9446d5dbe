using System.IO.Compression;

namespace SecureShop.Build.Tests;

/// <summary>A folder of its own with a feed, a packages folder and a small project that takes the repository's choice of a token engine.</summary>
internal sealed class Workshop : IDisposable
{
    public static readonly string[] Both = ["Duende.IdentityServer", "Duende.IdentityServer.AspNetIdentity"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secureshop-build-");
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public Workshop(string? source = null)
    {
        Directory.CreateDirectory(Feed);
        _environment["NUGET_PACKAGES"] = Packages;
        _environment["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_folder.FullName, "http");
        foreach (var file in (string[])["TokenEngine.targets", "Directory.Solution.targets"])
            Write(file, File.ReadAllText(Path.Combine(Dotnet.Repository, file)));

        // What lies above the temporary folder is none of the test's business.
        Write("Directory.Build.props", """<Project><Import Project="TokenEngine.targets" /></Project>""");
        foreach (var file in (string[])["Directory.Build.targets", "Directory.Packages.props"])
            Write(file, "<Project />");

        Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{source ?? Feed}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
        Write("Sample/Sample.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Duende.IdentityServer" Version="$(DuendeVersion)" Condition="'$(UseDuende)' == 'true'" />
              </ItemGroup>
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

    /// <summary>What the project's restore took in, or nothing before a restore.</summary>
    public string Assets
    {
        get
        {
            var file = Path.Combine(Root, "Sample", "obj", "project.assets.json");
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
    }

    private string Root => Path.Combine(_folder.FullName, "repo");

    private string Feed => Path.Combine(_folder.FullName, "feed");

    public void Set(string variable, string value) => _environment[variable] = value;

    public Task<Output> RunAsync(params string[] arguments) => Dotnet.RunAsync(Root, _environment, arguments);

    /// <summary>What the build phase goes by.</summary>
    public async Task<string> ChoiceAsync() => (await RunAsync("msbuild", "Sample", "-getProperty:UseDuende")).Text.Trim();

    /// <summary>Puts an answer of some time ago in the place where it is remembered.</summary>
    public void Answer(string answer, TimeSpan age)
    {
        Write("obj/token-engine.txt", answer);
        File.SetLastWriteTimeUtc(Path.Combine(Root, "obj/token-engine.txt"), (TimeProvider.System.GetUtcNow() - age).UtcDateTime);
    }

    /// <summary>Puts empty packages into the feed.</summary>
    public void Publish(params string[] ids)
    {
        foreach (var id in ids)
        {
            using var archive = ZipFile.Open(Path.Combine(Feed, $"{id}.7.4.8.nupkg"), ZipArchiveMode.Create);
            using var writer = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open());
            writer.Write($"""
                <package>
                  <metadata><id>{id}</id><version>7.4.8</version><authors>test</authors><description>An empty package.</description></metadata>
                </package>
                """);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text)
    {
        var file = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
