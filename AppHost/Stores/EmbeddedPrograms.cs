using System.Diagnostics;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>The programs that serve as stores on this machine, found or fetched.</summary>
internal sealed record EmbeddedPrograms(PostgresBinaries Postgres, RedisFlavour Redis)
{
    /// <param name="folder">The data of Postgres; null where there is to be none.</param>
    /// <param name="say">Told what is fetched.</param>
    /// <exception cref="SetupException">With what is missing and the command that installs it.</exception>
    public static async Task<EmbeddedPrograms> FindAsync(string? folder, Action<string> say)
    {
        var version = folder is null ? null : PostgresCluster.VersionOf(folder);
        var binaries = await PostgresBinaries.FindAsync(
            PostgresBinaries.Installed(), version, folder ?? "", new PostgresPackage(DataDirectory.Cache, say), CancellationToken.None);
        if (AccountChange.To(ServerAccount.Current) is [var program, .. var words] && !Works(program, [.. words, "true"]))
            throw new SetupException("Servers do not run as root, and the setpriv of util-linux, which starts them as another, does not work here. Install util-linux.");
        return new(binaries, await RedisFlavour.FindAsync(DataDirectory.Cache, say, CancellationToken.None));
    }

    private static bool Works(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
