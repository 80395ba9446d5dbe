using System.Diagnostics;

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

    internal Func<int> FreePort { get; init; } = LoopbackPort.Free;
}

/// <summary>A real Redis (Redis, Valkey or Garnet) on loopback, TLS and password only.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly RedisOptions _options;
    private readonly ServerProcess _process;

    private RedisServer(RedisOptions options, ServerProcess process, int port)
    {
        _options = options;
        _process = process;
        Port = port;
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The server's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The StackExchange.Redis connection string.</summary>
    public string ConnectionString => $"localhost:{Port},password={_options.Password},ssl=true";

    /// <summary>Completes when the server has ended, asked or not.</summary>
    public Task Exited => _process.Exited;

    /// <summary>Finds a server (fetching Garnet when none is installed), starts it and waits until it answers.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="log">Receives progress and the server's own lines.</param>
    /// <param name="cancellationToken">Gives up; nothing stays running.</param>
    /// <exception cref="SetupException">With the mend.</exception>
    public static async Task<RedisServer> StartAsync(RedisOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        // The password stands in a settings file and in a connection string: it must mean the same in both.
        if (options.Password.Length == 0 || !options.Password.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException("The password of Redis is made of letters and digits.", nameof(options));

        options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        try
        {
            PrivateFiles.CreateFolder(options.DataDirectory);
            var flavour = await RedisFlavour.FindAsync(DataDirectory.Cache, log, cancellationToken);
            var start = new ServerStart
            {
                Name = "Redis",
                Port = options.Port,
                FreePort = options.FreePort,
                Prepare = port => Prepare(flavour, options, port),
                StopSignal = "TERM",
                Answers = (port, cancel) => RedisProbe.AnswersAsync(port, options.Password, options.Certificate, cancel),
                Failure = lines => new($"Redis could not start: {lines.LastOrDefault(line => line.Length > 0) ?? "it said nothing"}"),
            };
            var (process, chosen) = await start.RunAsync(log, cancellationToken);
            return new(options, process, chosen);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The settings of Redis cannot be kept in {options.DataDirectory}: {problem.Message}", problem);
        }
    }

    /// <summary>Asks it to stop when it still runs; killed when it takes too long.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static ProcessStartInfo Prepare(RedisFlavour flavour, RedisOptions options, int port)
    {
        var settings = Path.Combine(options.DataDirectory, "settings.conf");
        PrivateFiles.Write(settings, flavour.Settings(port, options.Password, options.Certificate, options.DataDirectory));
        return new(flavour.Program, flavour.Arguments(settings)) { WorkingDirectory = options.DataDirectory };
    }
}
