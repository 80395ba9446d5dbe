using System.Security.Cryptography;
using System.Text;

namespace SecureShop.EmbeddedServers;

/// <summary>Where a system started from a folder keeps its data between runs, and what it has fetched.</summary>
public static class DataDirectory
{
    // Root's servers run under accounts that cannot enter root's home.
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static bool IsRoot => ServerAccount.Current is not null;

    /// <summary>What was fetched once for all clones: Postgres and Redis, where they are not installed.</summary>
    public static string Cache => Create(IsRoot ? "/var/cache/secureshop" : Path.Combine(Home("XDG_CACHE_HOME", ".cache"), "secureshop"));

    /// <summary>
    /// One directory per clone: under the user's data folder, or under /var/lib for root. Created, entered by its owner
    /// alone (root's by its servers, too, who then only see what is theirs).
    /// </summary>
    public static string For(string projectDirectory)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(projectDirectory));
        var clone = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..10];
        var data = IsRoot ? "/var/lib" : Home("XDG_DATA_HOME", ".local/share");
        return Create(Path.Combine(data, "secureshop", clone));
    }

    /// <summary>Makes a folder that the servers' account may at most pass through.</summary>
    internal static string Create(string path)
    {
        try
        {
            if (Directory.Exists(path))
                return path;
            Directory.CreateDirectory(path);

            // Whatever the umask is.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, IsRoot ? Passable : Private);
            return path;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"{path} cannot be made: {problem.Message}", problem);
        }
    }

    private static string Home(string variable, string folder)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set && Path.IsPathFullyQualified(set)
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), folder);
}
