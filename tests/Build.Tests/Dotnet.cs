using System.Diagnostics;
using System.Reflection;

namespace SecureShop.Build.Tests;

/// <summary>Runs the SDK and other programs as a user would, apart from what the test run's own build has set.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static string Repository { get; } = Path.GetFullPath(
        typeof(Dotnet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!);

    public static Task<Output> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => RunAsync("dotnet", folder, environment, arguments);

    public static Task<Output> RunAsync(string program, string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };

        // What the test run's own build handed down must not decide for the build under test.
        foreach (var name in start.Environment.Keys.Where(IsOfABuild).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Command.RunAsync(start, Longest, TestContext.Current.CancellationToken);
    }

    private static bool IsOfABuild(string name)
        => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Use", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name is "NUGET_PACKAGES" or "RestoreSources" or "CI";
}
