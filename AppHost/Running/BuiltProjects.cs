#pragma warning disable ASPIREEXTENSION001 // WithLaunchToolArgs is still marked as experimental.
using System.Reflection;

namespace SecureShop.AppHost;

/// <summary>Starts what the build of the AppHost has built, without a `dotnet run` in between.</summary>
internal static class BuiltProjects
{
    private static readonly string Output = Path.Combine(
        "bin",
        typeof(BuiltProjects).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        $"net{Environment.Version.ToString(2)}");

    /// <summary>`dotnet Project.dll` instead of `dotnet run --project Project.csproj`; as before where the dll is missing.</summary>
    public static IResourceBuilder<ProjectResource> AsBuilt(this IResourceBuilder<ProjectResource> project)
    {
        var program = ProgramOf(project.Resource);

        // An IDE that debugs "project"s brings its own way to start them.
        return File.Exists(program)
            ? project.WithLaunchToolArgs(launch => launch.Args.Add(program), ownedByLaunchConfigurationType: "project")
            : project;
    }

    /// <summary>Where the build leaves a project's program.</summary>
    public static string ProgramOf(ProjectResource project)
    {
        var path = project.GetProjectMetadata().ProjectPath;
        return Path.Combine(Path.GetDirectoryName(path)!, Output, $"{Path.GetFileNameWithoutExtension(path)}.dll");
    }
}
