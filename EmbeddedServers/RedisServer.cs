using System.Diagnostics;

namespace SecureShop.EmbeddedServers;

/// <summary>What an embedded Redis needs.</summary>
public sealed record RedisOptions
{
    /// <summary>Where its settings live: a folder of its own.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The password of every client: letters and digits.</summary>
    public required string Password { get; init; }

    /// <summary>The server's certificate, of which it takes a copy at every start.</summary>
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

    /// <summary>Finds a server (fetching Garnet when none is installed), starts it and waits until it answers.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="log">Receives progress and the server's own lines.</param>
    /// <param name="cancellationToken">Gives up; nothing stays running.</param>
    /// <exception cref="SetupException">With the mend.</exception>
    public static async Task<RedisServer> StartAsync(RedisOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        try
        {
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
        flavour.Configure(settings, port, options.Password, options.Certificate);
        var start = new ProcessStartInfo(flavour.Program, flavour.Arguments(settings))
        {
            UserName = flavour.Account?.Name,
            WorkingDirectory = options.DataDirectory,
        };
        foreach (var (name, value) in flavour.Environment(options.DataDirectory))
            start.Environment[name] = value;
        return start;
    }
}
