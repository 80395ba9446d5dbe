using System.Diagnostics.CodeAnalysis;

namespace SecureShop.EmbeddedServers;

/// <summary>What an embedded Redis needs.</summary>
public sealed record RedisOptions
{
    /// <summary>Where its settings live.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The password of every client: letters and digits.</summary>
    public required string Password { get; init; }

    /// <summary>The server's certificate.</summary>
    public required CertificateFiles Certificate { get; init; }

    /// <summary>A fixed port, or 0 for a free one.</summary>
    public int Port { get; init; }
}

/// <summary>A real Redis (Redis, Valkey or Garnet) on loopback, TLS and password only.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly RedisOptions _options;
    private readonly ChildProcess _process;
    private readonly LastLines _lines;

    private RedisServer(RedisOptions options, int port, ChildProcess process, LastLines lines)
    {
        _options = options;
        Port = port;
        _process = process;
        _lines = lines;
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The server's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The StackExchange.Redis connection string.</summary>
    public string ConnectionString => $"localhost:{Port},password={_options.Password},ssl=true";

    /// <summary>Completes with the exit code when the server ends, asked or not.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>Finds a server (fetching Garnet when none is installed), starts it and waits until it answers.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="guard">Ends it should this process die first.</param>
    /// <param name="log">Receives progress and the server's own lines.</param>
    /// <param name="cancellationToken">Gives up; nothing stays running.</param>
    /// <exception cref="SetupException">With the mend.</exception>
    public static async Task<RedisServer> StartAsync(RedisOptions options, ProcessGuard guard, Action<string> log, CancellationToken cancellationToken)
    {
        // The password stands in a settings file and in a connection string: it must mean the same in both.
        if (options.Password.Length == 0 || !options.Password.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException("The password of Redis is made of letters and digits.", nameof(options));

        options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        try
        {
            PrivateFiles.CreateFolder(options.DataDirectory);
            var flavour = await RedisFlavour.FindAsync(DataDirectory.Cache, guard, log, cancellationToken);
            for (var attempt = 1; ; attempt++)
            {
                var server = Launch(flavour, options, guard, log);
                if (await server.AnswersAsync(mayRetry: attempt < Attempts && options.Port == 0, cancellationToken))
                    return server;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The settings of Redis cannot be kept in {options.DataDirectory}: {problem.Message}", problem);
        }
    }

    /// <summary>Asks it to stop; killed after the grace.</summary>
    public async Task StopAsync(TimeSpan grace)
        => await _process.StopAsync(grace);

    /// <summary>Stops it when it still runs.</summary>
    public async ValueTask DisposeAsync()
        => await _process.StopAsync(Grace);

    [SuppressMessage("Reliability", "CA2000", Justification = "The server owns its process.")]
    private static RedisServer Launch(RedisFlavour flavour, RedisOptions options, ProcessGuard guard, Action<string> log)
    {
        if (options.Port != 0 && !LoopbackPort.IsFree(options.Port))
            throw new SetupException($"Port {options.Port} is taken: stop the program that listens there, or choose another for Redis.");
        var port = options.Port == 0 ? LoopbackPort.Free() : options.Port;
        var settings = Path.Combine(options.DataDirectory, "settings.conf");
        PrivateFiles.Write(settings, flavour.Settings(port, options.Password, options.Certificate, options.DataDirectory));
        var lines = new LastLines();
        var process = ChildProcess.Start(
            new() { FileName = flavour.Program, Arguments = flavour.Arguments(settings), WorkingDirectory = options.DataDirectory },
            guard,
            line =>
            {
                lines.Add(line.Text);
                log(line.Text);
            });
        return new(options, port, process, lines);
    }

    /// <summary>Waits for an answer. False when it lost its port to another program and may try the next.</summary>
    private async Task<bool> AnswersAsync(bool mayRetry, CancellationToken cancellationToken)
    {
        try
        {
            while (!Exited.IsCompleted)
            {
                if (await RedisProbe.AnswersAsync(Port, _options.Password, _options.Certificate, cancellationToken))
                    return true;
                await Task.WhenAny(Exited, Task.Delay(Pause, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }

            var lines = _lines.Read();
            if (mayRetry && lines.Any(line => line.Contains("Address already in use", StringComparison.OrdinalIgnoreCase)))
                return false;
            throw new SetupException($"Redis could not start: {lines.LastOrDefault(line => line.Length > 0) ?? "it said nothing"}");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }
}
