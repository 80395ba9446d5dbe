using System.IO.Compression;

namespace SecureShop.Build.Tests;

/// <summary>A folder of its own with a feed, a packages folder and a small project that takes the repository's choice of a token engine.</summary>
internal sealed class Workshop : IDisposable
{
    public const string Duende = "Duende.IdentityServer";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secureshop-build-");
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public Workshop(string? source = null, string? audit = null)
    {
        Directory.CreateDirectory(Feed);
        _environment["NUGET_PACKAGES"] = Packages;
        _environment["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_folder.FullName, "http");
        foreach (var file in (string[])["TokenEngine.targets", "Directory.Solution.targets", "Directory.Audit.props", "Directory.Locks.targets"])
            Write(file, File.ReadAllText(Path.Combine(Dotnet.Repository, file)));

        // What lies above the temporary folder is none of the test's business.
        Write("Directory.Build.props", """<Project><Import Project="TokenEngine.targets" /><Import Project="Directory.Audit.props" /></Project>""");
        Write("Directory.Build.targets", """<Project><Import Project="Directory.Locks.targets" /></Project>""");
        Write("Directory.Packages.props", "<Project />");

        Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{source ?? Feed}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
              {(audit is null ? "" : $"""<auditSources><clear /><add key="audit" value="{audit}" allowInsecureConnections="true" /></auditSources>""")}
            </configuration>
            """);
        Refer("""<PackageReference Include="Duende.IdentityServer" Version="$(DuendeVersion)" Condition="'$(TokenEngine)' == 'Duende'" />""");
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

    /// <summary>NuGet's, which names the feed and what else this workshop was given.</summary>
    public string Configuration => Path.Combine(Root, "nuget.config");

    /// <summary>What the project's restore took in, or nothing before a restore.</summary>
    public string Assets => Read("Sample/obj/project.assets.json") ?? "";

    private string Root => Path.Combine(_folder.FullName, "repo");

    private string Feed => Path.Combine(_folder.FullName, "feed");

    public void Set(string variable, string value) => _environment[variable] = value;

    public Task<Output> RunAsync(params string[] arguments) => Dotnet.RunAsync(Root, _environment, arguments);

    /// <summary>What the build phase goes by.</summary>
    public async Task<string> ChoiceAsync() => (await RunAsync("msbuild", "Sample", "-getProperty:TokenEngine")).Text.Trim();

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
            Publish(id, "7.4.8");
    }

    public void Publish(string id, string version, string dependencies = "")
    {
        using var archive = ZipFile.Open(Path.Combine(Feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open());
        writer.Write($"""
            <package>
              <metadata>
                <id>{id}</id><version>{version}</version><authors>test</authors><description>An empty package.</description>
                <dependencies><group targetFramework="net10.0">{dependencies}</group></dependencies>
              </metadata>
            </package>
            """);
    }

    /// <summary>Publishes another package under the same name and version, and forgets the first.</summary>
    public void Replace(string id, string version)
    {
        File.Delete(Path.Combine(Feed, $"{id}.{version}.nupkg"));
        Directory.Delete(Packages, recursive: true);
        Publish(id, version, "<!-- other bytes -->");
    }

    /// <summary>What the project refers to and sets beside that.</summary>
    public void Refer(string items, string properties = "") => Write("Sample/Sample.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <UseAppHost>false</UseAppHost>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {items}
          </ItemGroup>
        </Project>
        """);

    public string? Read(string name)
    {
        var file = Path.Combine(Root, name);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    public void Write(string name, string text)
    {
        var file = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
