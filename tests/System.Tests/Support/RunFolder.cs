namespace SecureShop.SystemTests.Support;

/// <summary>
/// The folder of one system's data. Its path is in the environment of everything that the system starts, whatever else
/// that has: so nothing can be left behind unseen.
/// </summary>
public sealed class RunFolder
{
    /// <summary>The variable that everything inherits.</summary>
    public const string Variable = "SECURESHOP_TEST_RUN";

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public RunFolder()
    {
        Path = Directory.CreateTempSubdirectory("secureshop-system-").FullName;

        // Where tests run as root, Postgres does not: it has to be able to walk through here.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>Waits until all that ran here is gone, within the time that is promised for it; fails with what is not.</summary>
    public async Task EmptiedAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (LeftProcesses.Of(Path) is { Count: > 0 } left)
        {
            if (TimeProvider.System.GetElapsedTime(began) > LongestEnd)
                Assert.Fail($"These processes were left: {string.Join("; ", left)}");
            await Task.Delay(Pause);
        }
    }

    public void Delete() => Directory.Delete(Path, recursive: true);
}
