using System.Diagnostics;
using System.Text.Json;

namespace SecureShop.Testing;

/// <summary>OAuth clients of others from npm, at the bytes of their lock file, in a folder of their own; the test project has them in its folder <c>npm</c>.</summary>
public sealed class ClientLibraries : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("secureshop-clients-");
    private bool hasNpm;

    /// <summary>Fetches them.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "npm")))
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

    /// <summary>Runs one of their scripts; it trusts <paramref name="authority"/>, a PEM file, by default that of the tests' own certificates.</summary>
    public Task<Output> RunAsync<TSettings>(string script, TSettings settings, string? authority = null)
    {
        Assert.SkipUnless(hasNpm, "npm is not here, from which the clients come: https://nodejs.org");
        var start = new ProcessStartInfo("node", [script]);
        start.Environment["SETTINGS"] = JsonSerializer.Serialize(settings);
        start.Environment["NODE_EXTRA_CA_CERTS"] = authority ?? TestCertificate.RootFile;
        return RunAsync(start);
    }

    private Task<Output> RunAsync(ProcessStartInfo start)
    {
        start.WorkingDirectory = folder.FullName;
        return Command.RunAsync(start, Longest, TestContext.Current.CancellationToken);
    }
}
