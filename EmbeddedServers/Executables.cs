namespace SecureShop.EmbeddedServers;

/// <summary>Programs on this machine.</summary>
public static class Executables
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The full path of a program on PATH or in <paramref name="otherFolders"/>; null when it is nowhere.</summary>
    public static string? Find(string name, params IEnumerable<string> otherFolders)
    {
        if (Path.IsPathRooted(name))
            return IsExecutable(name) ? name : null;
        // A relative entry of PATH would run whatever lies in the folder that AppHost happens to be started from.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified);
        return folders.Concat(otherFolders).Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path)
    {
        if (!File.Exists(path))
            return false;
        // A link whose target is gone exists, too.
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        return File.Exists(target) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(target) & AnyExecute) != UnixFileMode.None);
    }
}
