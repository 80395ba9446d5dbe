using System.Reflection;

namespace SecureShop.Build.Tests;

/// <summary>Runs the SDK as a user would, apart from the state of the machine and of the repository.</summary>
internal static class Dotnet
{
    public static string Repository { get; } = Path.GetFullPath(
        typeof(Dotnet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!);

    public static Task<Output> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => Command.RunAsync("dotnet", folder, environment, arguments);
}
