using System.Diagnostics;
using SecureShop.Testing;

namespace SecureShop.SystemTests.Support;

/// <summary>Spectral from npm, at the bytes of its lock file, in a folder of its own, with the rules beside it.</summary>
public sealed class Spectral : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("secureshop-spectral-");
    private bool hasNpm;

    /// <summary>Fetches it.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "spectral")))
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        hasNpm = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, npm)));
        if (!hasNpm)
            return;
        var output = await RunAsync(new(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]));
        Assert.True(output.ExitCode == 0, output.Text);
    }

    /// <summary>Removes the folder.</summary>
    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Holds a document to the rules.</summary>
    public async Task<Output> LintAsync(string document)
    {
        Assert.SkipUnless(hasNpm, "npm is not here, from which Spectral comes: https://nodejs.org");
        var file = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, document, TestContext.Current.CancellationToken);
        return await RunAsync(new("node", ["node_modules/@stoplight/spectral-cli/dist/index.js", "lint", file, "--ruleset", "ruleset.yaml", "--display-only-failures"]));
    }

    private Task<Output> RunAsync(ProcessStartInfo start)
    {
        start.WorkingDirectory = folder.FullName;
        return Command.RunAsync(start, Longest, TestContext.Current.CancellationToken);
    }
}
