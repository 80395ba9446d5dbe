using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace SecureShop.EmbeddedServers;

/// <summary>
/// Ends the children of this process when it dies without a chance to do so itself. A guardian (guardian.sh) in a session
/// of its own waits for the end of a pipe that only this process holds. The kernel's own "signal at the parent's death"
/// would not do: it follows the parent's thread, and threads of the pool come and go.
/// </summary>
public sealed class ProcessGuard : IDisposable
{
    private const string ScriptVariable = "SECURESHOP_GUARDIAN";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly Lazy<string> Script = new(ReadScript);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, string> _entries = [];
    private Process _guardian;
    private bool _disposed;

    private ProcessGuard() => _guardian = StartGuardian();

    /// <summary>Starts a guardian; one for the whole process is enough.</summary>
    /// <exception cref="SetupException">This machine lacks what it needs.</exception>
    public static ProcessGuard Start() => new();

    /// <summary>The guardian's own process id.</summary>
    public int Id
    {
        get
        {
            lock (_lock)
                return _guardian.Id;
        }
    }

    /// <summary>Has a process, and all it will ever start, ended with this one.</summary>
    public void Watch(ProcessIdentity process, StopSignal signal)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var entry = $"+ {process.Id} {(signal == StopSignal.Interrupt ? "INT" : "TERM")} {process.Stamp}";
            _entries[process.Id] = entry;
            Tell(entry);
        }
    }

    /// <summary>Takes a process that has ended off the list.</summary>
    public void Forget(int id)
    {
        lock (_lock)
        {
            if (_entries.Remove(id) && !_disposed)
                Tell($"- {id}");
        }
    }

    /// <summary>Lets the guardian go; it first ends what still runs.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            Hangup();
        }

        _guardian.WaitForExit(Patience);
        _guardian.Dispose();
    }

    private void Tell(string line)
    {
        try
        {
            Send(line);
        }
        catch (IOException)
        {
            // Somebody killed the guardian: a new one learns the whole list.
            _guardian.Dispose();
            _guardian = StartGuardian();
            foreach (var entry in _entries.Values)
                Send(entry);
        }
    }

    private void Send(string line)
        => _guardian.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes(line + "\n"));

    private void Hangup()
    {
        try
        {
            _guardian.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guardian died first; its reader is gone, and with it the need to tell it.
        }
    }

    private static Process StartGuardian()
    {
        var shell = Executables.Find("sh", "/bin", "/usr/bin") ?? throw new SetupException("This machine has no sh.");
        // By a variable, so that a list of processes shows one short line.
        string[] command = [.. Session.Prefix, shell, "-c", $"eval \"${ScriptVariable}\"", "secureshop-guardian"];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
            Environment = { [ScriptVariable] = Script.Value },
        }) ?? throw new SetupException("The process that cleans up after AppHost could not be started.");
    }

    private static string ReadScript()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("guardian.sh")
            ?? throw new InvalidOperationException("guardian.sh is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
