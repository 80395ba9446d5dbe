using System.Diagnostics;

namespace SecureShop.Testing;

/// <summary>What a program said, on both streams.</summary>
public sealed record Output(int ExitCode, string Text);

/// <summary>Runs programs to their end.</summary>
public static class Command
{
    /// <summary>Runs a program with no input. It is ended with its children when it takes longer than <paramref name="longest"/> or when the test is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<Output> RunAsync(ProcessStartInfo start, TimeSpan longest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(longest);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Output(process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
