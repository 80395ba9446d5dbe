using System.Diagnostics;

namespace SecureShop.EmbeddedServers;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    /// <summary>The exit code and the last lines that it wrote; cancelled, it is killed with all that it started.</summary>
    public static async Task<(int Code, IReadOnlyList<string> LastLines)> RunAsync(
        ProcessStartInfo start, Action<string> log, CancellationToken cancellationToken)
    {
        var last = new LastLines();
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, last.Read());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        void Add(string? line)
        {
            if (line is null)
                return;
            last.Add(line);
            log(line);
        }
    }
}
