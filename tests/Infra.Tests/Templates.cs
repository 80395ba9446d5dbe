using System.Text.Json.Nodes;

namespace SecureShop.Infra.Tests;

/// <summary>A copy of <c>infra/</c> to compile, evaluate and break.</summary>
internal sealed class Templates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secureshop-infra-");
    private readonly Bicep _bicep;

    public Templates(Bicep bicep)
    {
        _bicep = bicep;
        var source = Path.Combine(Bicep.Repository, "infra");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = PathOf(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public IEnumerable<string> Files => Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) is ".bicep" or ".bicepparam")
        .Select(file => Path.GetRelativePath(_folder.FullName, file))
        .Order(StringComparer.Ordinal);

    /// <summary>Breaks a template. The text has to be there once, so that a test cannot go on breaking nothing.</summary>
    public void Edit(string file, string text, string replacement)
    {
        var content = File.ReadAllText(PathOf(file));
        Assert.Equal(2, content.Split(text).Length);
        File.WriteAllText(PathOf(file), content.Replace(text, replacement, StringComparison.Ordinal));
    }

    /// <summary>What the compiler and its linter find wrong with a parameter file, or with templates by a pattern; nothing as a rule.</summary>
    public Task<string> FaultsAsync(string file, IReadOnlyDictionary<string, string> environment) => Path.GetExtension(file) == ".bicepparam"
        ? Bicep.RunAsync(environment, "build-params", PathOf(file), "--outfile", PathOf("parameters.json"))
        : Bicep.RunAsync(environment, "lint", "--pattern", PathOf(file));

    /// <summary>The compiled template, with its expressions.</summary>
    public async Task<JsonNode> CompileAsync(string file)
    {
        var compilation = await _bicep.CompileAsync(PathOf(file));
        Assert.True(compilation.success);
        return JsonNode.Parse(compilation.contents!)!;
    }

    /// <summary>What the template and its parameter file would deploy.</summary>
    public async Task<Deployment> EvaluateAsync(string template) => Deployment.Parse(await _bicep.EvaluateAsync(PathOf($"{template}.bicepparam")));

    /// <summary>The same with another environment than the usual one.</summary>
    public async Task<Deployment> EvaluateAsync(string template, IReadOnlyDictionary<string, string> environment)
    {
        Assert.Empty(await Bicep.EvaluateAsync(PathOf($"{template}.bicepparam"), environment));
        return Deployment.Parse(await File.ReadAllTextAsync(PathOf($"{template}.snapshot.json")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
