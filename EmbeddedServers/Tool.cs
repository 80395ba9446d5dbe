
namespace SecureShop.EmbeddedServers;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    /// <summary>The exit code and the last lines that it wrote.</summary>
    public static async Task<(int Code, IReadOnlyList<string> LastLines)> RunAsync(
        ProcessStart start, ProcessGuard guard, Action<string> log, CancellationToken cancellationToken)
    {
        var last = new LastLines();
        await using var child = ChildProcess.Start(start, guard, line =>
        {
            last.Add(line.Text);
            log(line.Text);
        });
        var code = await child.Exited.WaitAsync(cancellationToken);
        return (code, last.Read());
    }
}
