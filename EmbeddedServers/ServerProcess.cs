using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SecureShop.EmbeddedServers;

/// <summary>A server that ends with this process, however this process ends.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // A shell keeps the server: it waits for the end of a pipe of which only this process holds the other end, and the
    // kernel closes that end after a kill -9, too. Then it asks the server to stop, and insists after five seconds. The
    // server is its child until the last line, so the id that it signals cannot have become another program's. It lets go
    // of the output pipes, so that their end says that the server is gone.
    private const string Keeper = """
        signal=$1
        shift
        trap : HUP INT TERM
        exec 3<&0 </dev/null
        sh -c 'echo "$$" && exec "$@"' sh "$@" 3<&- &
        server=$!
        exec >/dev/null 2>&1
        trap '' HUP INT TERM
        read -r end <&3
        kill "-$signal" "$server"
        { for tenth in 0 1 2 3 4; do for _ in 0 1 2 3 4 5 6 7 8 9; do sleep 0.1; done; done; kill -KILL "$server"; } &
        insisting=$!
        wait "$server"
        kill -KILL "$insisting"
        exit 0
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Process _keeper;
    private readonly Action<string> _log;
    private readonly LastLines _lines = new();

    private ServerProcess(Process keeper, int id, Action<string> log)
    {
        _keeper = keeper;
        _log = log;
        Id = id;
        Exited = RunAsync();
    }

    /// <summary>The server's own process id.</summary>
    public int Id { get; }

    /// <summary>Completes when the server has ended, asked or not.</summary>
    public Task Exited { get; }

    /// <summary>The last lines that it wrote.</summary>
    public IReadOnlyList<string> Lines => _lines.Read();

    /// <summary>Starts a server; <paramref name="signal"/> ("INT", "TERM") is how it wants to be asked to stop.</summary>
    /// <exception cref="SetupException">It may not be run.</exception>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo server, string signal, Action<string> log)
    {
        List<string> arguments = ["-c", Keeper, "sh", signal, server.FileName, .. server.ArgumentList];
        server.FileName = "/bin/sh";
        server.ArgumentList.Clear();
        arguments.ForEach(server.ArgumentList.Add);
        server.RedirectStandardInput = server.RedirectStandardOutput = server.RedirectStandardError = true;
        try
        {
            var keeper = Process.Start(server) ?? throw new Win32Exception();
            // The first line is the keeper's: short, and at once.
            var id = await keeper.StandardOutput.ReadLineAsync();
            return new(keeper, int.Parse(id ?? "", CultureInfo.InvariantCulture), log);
        }
        catch (Exception problem) when (problem is Win32Exception or FormatException)
        {
            throw new SetupException($"{arguments[4]} could not be started: {problem.Message}", problem);
        }
    }

    /// <summary>Waits until the server answers; false when it ended before it did.</summary>
    public async Task<bool> AnswersAsync(Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken)
    {
        while (!Exited.IsCompleted)
        {
            if (await ask(cancellationToken))
                return true;
            await Task.WhenAny(Exited, Task.Delay(Pause, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return false;
    }

    /// <summary>Stops it when it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        CloseInput();
        try
        {
            await Exited.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _keeper.Kill(entireProcessTree: true);
            await Exited;
        }

        _keeper.Dispose();
    }

    private async Task RunAsync()
    {
        var written = Task.WhenAll(PassOnAsync(_keeper.StandardOutput), PassOnAsync(_keeper.StandardError));
        var left = _keeper.WaitForExitAsync();
        await Task.WhenAny(written, left);
        CloseInput();
        await left;
        if (_keeper.ExitCode != 0)
            KillOrphan();
        await Task.WhenAny(written, Task.Delay(LastWords));
    }

    private async Task PassOnAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _lines.Add(line);
            _log(line);
        }
    }

    private void CloseInput()
    {
        try
        {
            _keeper.StandardInput.Close();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The keeper is gone already, or told at this moment by another thread.
        }
    }

    /// <summary>Somebody killed the keeper, which leaves the server to us.</summary>
    private void KillOrphan()
    {
        try
        {
            using var server = Process.GetProcessById(Id);
            server.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It went with its keeper.
        }
    }
}
