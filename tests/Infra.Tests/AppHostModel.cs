using SecureShop.AppHost;
using SecureShop.AppHost.Tests;

namespace SecureShop.Infra.Tests;

/// <summary>What AppHost declares, read once for a class of tests: the settings of each project it starts, as expressions.</summary>
public sealed class AppHostModel : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("secureshop-drift-");

    internal Dictionary<string, IReadOnlyDictionary<string, string>> Projects { get; } = new(StringComparer.Ordinal);

    /// <summary>What the build has made of each project.</summary>
    internal Dictionary<string, string> Programs { get; } = new(StringComparer.Ordinal);

    /// <summary>The parts of expressions that stand for a secret. (A key's public part is none.)</summary>
    internal IReadOnlyList<string> Secrets { get; private set; } = [];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await using var model = await Declared.ModelAsync(_data.FullName, "--stores=embedded");
        foreach (var project in model.Resources.OfType<ProjectResource>())
        {
            Projects[project.Name] = await Declared.EnvironmentAsync(model, project);
            Programs[project.Name] = BuiltProjects.ProgramOf(project);
        }

        Secrets = [.. model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret).Select(parameter => $"{{{parameter.Name}.value}}")];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _data.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
