namespace SecureShop.StandIns.AspireHosting.Processes;

/// <summary>One line that a child wrote.</summary>
/// <param name="Text">The line, cut at <see cref="ChildProcess.MaximumLineLength"/>.</param>
/// <param name="IsError">Whether it came from standard error.</param>
public readonly record struct OutputLine(string Text, bool IsError);

/// <summary>A running child in a session of its own, so that the terminal's Ctrl+C reaches this process alone.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Longer lines are cut, so that a child cannot fill our memory.</summary>
    public const int MaximumLineLength = 16 * 1024;

    /// <summary>The process id, which is also the id of its session and process group.</summary>
    public int Id => throw new NotSupportedException();

    /// <summary>Completes with the exit code (128 + signal when killed) after the last line has been handed over.</summary>
    public Task<int> Exited => throw new NotSupportedException();

    /// <summary>Starts a child, which <paramref name="guard"/> ends should this process die first.</summary>
    /// <exception cref="HostingException">The program is missing or may not be run.</exception>
    public static ChildProcess Start(ProcessStart start, ProcessGuard guard, Action<OutputLine> onLine) => throw new NotSupportedException();

    /// <summary>Asks it to stop; after <paramref name="grace"/> the child and all it started are killed.</summary>
    public Task<int> StopAsync(TimeSpan grace) => throw new NotSupportedException();

    /// <summary>Kills the child and all it started, at once.</summary>
    public void Kill() => throw new NotSupportedException();

    /// <summary>Kills what still runs.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
