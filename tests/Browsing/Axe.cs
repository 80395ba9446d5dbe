using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;

namespace SecureShop.Browsing;

/// <summary>Checks a page's accessibility with axe-core.</summary>
public static class Axe
{
    private const string Version = "4.14.1";
    private static readonly Lazy<Task<string>> Script = new(FetchAsync);

    /// <summary>What axe finds, one line each; empty when all is well.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        ArgumentNullException.ThrowIfNull(page);

        // Evaluated by the debugger, not by the page: its content security policy stays as it is.
        await page.EvaluateAsync(await Script.Value);
        var result = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        return [.. result.GetProperty("violations").EnumerateArray().Select(Line)];
    }

    private static string Line(JsonElement violation)
    {
        var places = violation.GetProperty("nodes").EnumerateArray()
            .Select(node => $"{node.GetProperty("html").GetString()} ({node.GetProperty("failureSummary").GetString()})");
        return $"{violation.GetProperty("impact").GetString()}: {violation.GetProperty("id").GetString()}: {string.Join("; ", places.Take(3))}";
    }

    // Fetched once a machine, by the bytes that the lock file names.
    private static async Task<string> FetchAsync()
    {
        var cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "secureshop-tests");
        var script = Path.Combine(cache, $"axe-{Version}.js");
        if (!File.Exists(script))
        {
            var work = Directory.CreateTempSubdirectory("secureshop-axe-").FullName;
            try
            {
                await InstallAsync(work);
                Directory.CreateDirectory(cache);
                File.Move(Path.Combine(work, "node_modules", "axe-core", "axe.min.js"), script, overwrite: true);
            }
            finally
            {
                Directory.Delete(work, recursive: true);
            }
        }

        return await File.ReadAllTextAsync(script);
    }

    private static async Task InstallAsync(string folder)
    {
        foreach (var name in new[] { "package.json", "package-lock.json" })
        {
            await using var source = Assembly.GetExecutingAssembly().GetManifestResourceStream($"npm/{name}")!;
            await using var target = File.Create(Path.Combine(folder, name));
            await source.CopyToAsync(target);
        }

        var npm = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(npm) ?? throw new InvalidOperationException("npm did not start.");
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"axe-core could not be fetched with npm (install Node.js: sudo apt-get install --yes npm): {await error}");
    }
}
