using System.ComponentModel;
using System.Diagnostics;

namespace SecureShop.AppHost;

/// <summary>Whether containers can be had here. A client without a daemon, and a daemon that hangs, count as none.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>"docker" or "podman", whichever answers; null when none does in time.</summary>
    public static async Task<string?> FindAsync(CancellationToken cancellation)
    {
        // Both at once: the limit is for the whole question.
        string[] candidates = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : ["docker", "podman"];
        var answers = await Task.WhenAll(candidates.Select(program => AnswersAsync(program, cancellation)));
        return candidates.Zip(answers).FirstOrDefault(pair => pair.Second).First;
    }

    /// <summary>Deletes a volume, and is content when there is none; false when it cannot.</summary>
    public static Task<bool> DeleteVolumeAsync(string runtime, string volume, CancellationToken cancellation) => RunAsync(
        runtime, ["volume", "rm", "--force", volume], TimeSpan.FromSeconds(30), cancellation);

    // Asks the daemon (docker) or sets up the storage (podman), and starts nothing.
    private static Task<bool> AnswersAsync(string program, CancellationToken cancellation) => RunAsync(
        program,
        program == "docker" ? ["version", "--format", "{{.Server.Version}}"] : ["info", "--format", "{{.Version.Version}}"],
        Limit,
        cancellation);

    private static async Task<bool> RunAsync(string program, string[] arguments, TimeSpan limit, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            try
            {
                await process.WaitForExitAsync(stop.Token);
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                return false;
            }
        }
        catch (Win32Exception)
        {
            // Not installed.
            return false;
        }
    }
}
