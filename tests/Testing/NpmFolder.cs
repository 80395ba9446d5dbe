using System.Diagnostics;
using Xunit;

namespace SecureShop.Testing;

/// <summary>Packages from npm, at the bytes of their lock file, in a folder of their own, with what lies beside them in the test project.</summary>
/// <param name="name">Of the test project's folder with <c>package.json</c>, the lock file, and what uses the packages.</param>
public abstract class NpmFolder(string name) : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory($"secureshop-{name}-");

    /// <summary>Why a test is skipped without <see cref="HasNpm"/>.</summary>
    protected const string NoNpm = "npm is not here, from which this test has what it runs: https://nodejs.org";

    /// <summary>Whether npm is on this machine.</summary>
    protected bool HasNpm { get; private set; }

    /// <summary>Fetches them.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, name)))
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        HasNpm = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, npm)));
        if (!HasNpm)
            return;
        var output = await RunAsync(new(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]));
        if (output.ExitCode != 0)
            throw new InvalidOperationException(output.Text);
    }

    /// <summary>Removes the folder.</summary>
    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a program of it.</summary>
    protected Task<Output> NodeAsync(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("node", arguments);
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        return RunAsync(start);
    }

    /// <summary>Writes a file for a program to read.</summary>
    protected async Task<string> WriteAsync(string content, string extension)
    {
        var file = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}{extension}");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        return file;
    }

    private Task<Output> RunAsync(ProcessStartInfo start)
    {
        start.WorkingDirectory = folder.FullName;
        return Command.RunAsync(start, Longest, TestContext.Current.CancellationToken);
    }
}
