using System.ComponentModel;
using System.Diagnostics;

namespace SecureShop.Testing;

/// <summary>Whether Docker runs here. A client without a daemon, and a daemon that hangs, count as none.</summary>
internal static class Docker
{
    // Testcontainers itself would wait far longer for one that hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly Lazy<Task<bool>> Answer = new(AskAsync);

    /// <summary>Asked once in a test process.</summary>
    public static Task<bool> AnswersAsync() => Answer.Value;

    private static async Task<bool> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        using var client = new Process
        {
            // Unlike "docker --version" this asks the daemon.
            StartInfo = new("docker", ["version", "--format", "{{.Server.Version}}"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            client.Start();
            await client.WaitForExitAsync(limit.Token);
            return client.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // Not installed.
            return false;
        }
        catch (OperationCanceledException)
        {
            client.Kill(entireProcessTree: true);
            return false;
        }
    }
}
