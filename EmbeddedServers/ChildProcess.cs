using System.ComponentModel;
using System.Diagnostics;

namespace SecureShop.EmbeddedServers;

/// <summary>One line that a child wrote.</summary>
/// <param name="Text">The line, cut at <see cref="ChildProcess.MaximumLineLength"/>.</param>
/// <param name="IsError">Whether it came from standard error.</param>
public readonly record struct OutputLine(string Text, bool IsError);

/// <summary>A running child in a session of its own, so that the terminal's Ctrl+C reaches this process alone.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Longer lines are cut, so that a child cannot fill our memory.</summary>
    public const int MaximumLineLength = 16 * 1024;

    // The child waits for a word on standard input before it becomes the program. Should we die before the guard knows it,
    // the word never comes and it ends by itself: no moment is left in which it could survive us.
    private const string WaitThenRun = "read -r _ && exec \"$@\" </dev/null";

    // A grandchild that was left behind may hold the pipes open.
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly ProcessGuard _guard;
    private readonly StopSignal _stopSignal;

    private ChildProcess(Process process, ProcessStart start, ProcessGuard guard, Action<OutputLine> onLine)
    {
        _process = process;
        _guard = guard;
        _stopSignal = start.StopSignal;
        Id = process.Id;
        Exited = RunAsync(onLine);
    }

    /// <summary>The process id, which is also the id of its session and process group.</summary>
    public int Id { get; }

    /// <summary>Completes with the exit code (128 + signal when killed) after the last line has been handed over.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a child, which <paramref name="guard"/> ends should this process die first.</summary>
    /// <exception cref="SetupException">The program is missing or may not be run.</exception>
    public static ChildProcess Start(ProcessStart start, ProcessGuard guard, Action<OutputLine> onLine)
    {
        var program = Executables.Find(start.FileName)
            ?? throw new SetupException($"{start.FileName} is not a program on this machine: install it, or put it on PATH.");
        string[] command = [.. Session.Prefix, "/bin/sh", "-c", WaitThenRun, "sh", program, .. start.Arguments];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Another account may not be able to enter the folder that we run in.
            WorkingDirectory = start.WorkingDirectory ?? (start.UserName is null ? "" : "/"),
        };
        if (start.UserName is not null)
            info.UserName = start.UserName;
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;

        try
        {
            var process = Process.Start(info) ?? throw new Win32Exception();
            var child = new ChildProcess(process, start, guard, onLine);
            child.Release();
            return child;
        }
        catch (Win32Exception problem)
        {
            throw new SetupException($"{program} could not be started: {problem.Message}.", problem);
        }
    }

    /// <summary>Asks it to stop; after <paramref name="grace"/> the child and all it started are killed.</summary>
    public async Task<int> StopAsync(TimeSpan grace)
    {
        if (!Exited.IsCompleted)
            Signal();
        try
        {
            return await Exited.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            Kill();
            return await Exited;
        }
    }

    /// <summary>Kills the child and all it started, at once.</summary>
    public void Kill()
    {
        try
        {
            // Walks the tree by parent, which also finds those who left the group (Postgres' workers do)...
            _process.Kill(entireProcessTree: true);
            // ...and the group finds those whose parent is gone.
            Native.KillGroup(Id);
        }
        catch (InvalidOperationException)
        {
            // It has ended and was disposed of.
        }
    }

    /// <summary>Kills what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
            Kill();
        await Exited;
    }

    private void Release()
    {
        if (ProcessIdentity.Of(Id) is { } identity)
            _guard.Watch(identity, _stopSignal);
        try
        {
            _process.StandardInput.Write('\n');
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it began; Exited tells.
        }
    }

    private void Signal()
    {
        // Only while it is not yet reaped can its id not have become another process's.
        if (!_process.HasExited)
            Native.Signal(Id, _stopSignal);
    }

    private async Task<int> RunAsync(Action<OutputLine> onLine)
    {
        using var process = _process;
        var lines = Task.WhenAll(
            LineReader.ReadAsync(process.StandardOutput, MaximumLineLength, line => onLine(new(line, IsError: false))),
            LineReader.ReadAsync(process.StandardError, MaximumLineLength, line => onLine(new(line, IsError: true))));
        await process.WaitForExitAsync();
        // The group outlives its leader: nothing that it left behind may stay.
        Native.KillGroup(Id);
        _guard.Forget(Id);
        await Task.WhenAny(lines, Task.Delay(LastLines));
        return process.ExitCode;
    }
}
