namespace SecureShop.EmbeddedServers;

/// <summary>How a program is started in a session of its own.</summary>
internal static class Session
{
    // macOS has no setsid(1), but perl.
    private const string Perl = "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127;";

    /// <summary>
    /// The words in front of a command line. Each of them replaces itself by the next program, so that the process id
    /// stays the one that was started. A session, and not only a process group, so that the program has no terminal:
    /// Ctrl+C reaches AppHost alone, which then stops its children in order.
    /// </summary>
    public static IReadOnlyList<string> Prefix { get; } = Find();

    private static IReadOnlyList<string> Find()
    {
        if (OperatingSystem.IsWindows())
        {
            throw new SetupException(
                "The embedded servers need Linux or macOS. On Windows run this in WSL 2, or with Docker Desktop and -p:UseAspire=true.");
        }

        if (Executables.Find("setsid") is { } setsid)
            return [setsid];
        return Executables.Find("perl", "/usr/bin") is { } perl
            ? [perl, "-e", Perl]
            : throw new SetupException("Neither setsid nor perl is installed; on Debian or Ubuntu: apt install util-linux.");
    }
}
