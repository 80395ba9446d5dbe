namespace SecureShop.EmbeddedServers;

/// <summary>The one command that installs what is missing on this machine.</summary>
internal static class InstallHint
{
    public static string Postgres => OperatingSystem.IsMacOS() ? "brew install postgresql@18" : Family() switch
    {
        "alpine" => "sudo apk add postgresql",
        "arch" => "sudo pacman -S postgresql",
        "fedora" => "sudo dnf install postgresql-server",
        _ => "sudo apt install postgresql",
    };

    public static string Redis => OperatingSystem.IsMacOS() ? "brew install redis" : Family() switch
    {
        "alpine" => "sudo apk add redis",
        "arch" => "sudo pacman -S valkey",
        "fedora" => "sudo dnf install valkey",
        _ => "sudo apt install redis-server",
    };

    public static string Icu => OperatingSystem.IsMacOS() ? "brew install icu4c" : Family() switch
    {
        "alpine" => "sudo apk add icu-libs icu-data-full",
        "arch" => "sudo pacman -S icu",
        "fedora" => "sudo dnf install libicu",
        _ => "sudo apt install libicu-dev",
    };

    /// <summary>Ends the search where none of them runs.</summary>
    /// <exception cref="SetupException">With the ways that Windows has.</exception>
    public static void RefuseWindows()
    {
        if (OperatingSystem.IsWindows())
            throw new SetupException("The embedded servers need Linux or macOS. On Windows start Docker Desktop, or run this in WSL 2.");
    }

    private static string Family()
    {
        if (!File.Exists("/etc/os-release"))
            return "";
        var words = File.ReadLines("/etc/os-release")
            .Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            .SelectMany(line => line[(line.IndexOf('=') + 1)..].Trim('"').Split(' '));
        return words.FirstOrDefault(word => word is "alpine" or "arch" or "fedora" or "debian") ?? "";
    }
}
