using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace SecureShop.EmbeddedServers;

/// <summary>What an embedded Postgres needs.</summary>
public sealed record PostgresOptions
{
    /// <summary>Where the data lives; initialised when it is missing or empty.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The password of the superuser <c>postgres</c>; the data directory keeps the one it was initialised with.</summary>
    public required string Password { get; init; }

    /// <summary>The server's certificate, of which it takes a copy at every start.</summary>
    public required CertificateFiles Certificate { get; init; }

    /// <summary>Whether the data must survive a power cut; false for tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>A fixed port, or 0 for a free one.</summary>
    public int Port { get; init; }

    internal Func<int> FreePort { get; init; } = LoopbackPort.Free;
}

/// <summary>A real Postgres on loopback, TLS and scram-sha-256 only.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser.</summary>
    public const string UserName = "postgres";

    private readonly PostgresOptions _options;
    private readonly ServerProcess _process;

    private PostgresServer(PostgresOptions options, ServerProcess process, int port)
    {
        _options = options;
        _process = process;
        Port = port;
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The postmaster's process id.</summary>
    public int ProcessId => _process.Id;

    // The user's own PGDATA, PGPORT, PGSSLMODE … are meant for another server.
    internal static IReadOnlyDictionary<string, string?> Environment { get; } = System.Environment.GetEnvironmentVariables().Keys
        .Cast<string>()
        .Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal) || name is "LANG" or "LANGUAGE")
        .ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);

    /// <summary>A program of Postgres, under the servers' account and without the variables that are not meant for it.</summary>
    internal static ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UserName = ServerAccount.Current?.Name, WorkingDirectory = "/" };
        foreach (var name in Environment.Keys)
            start.Environment.Remove(name);
        return start;
    }

    /// <summary>Finds Postgres (fetching it when it is not installed), initialises the data once, starts it and waits until it answers.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="log">Receives progress and the server's own lines.</param>
    /// <param name="cancellationToken">Gives up; nothing stays running.</param>
    /// <exception cref="SetupException">With the mend.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        try
        {
            var version = PostgresCluster.VersionOf(options.DataDirectory);
            var package = new PostgresPackage(DataDirectory.Cache, log);
            var binaries = await PostgresBinaries.FindAsync(PostgresBinaries.Installed(), version, options.DataDirectory, package, cancellationToken);
            if (version is null)
                await PostgresCluster.InitialiseAsync(binaries, options, log, cancellationToken);

            var start = new ServerStart
            {
                Name = "Postgres",
                Port = options.Port,
                FreePort = options.FreePort,
                Prepare = port => Prepare(binaries, options, port),
                // Its fast shutdown; upon SIGTERM it would wait for its clients.
                StopSignal = "INT",
                Answers = (port, cancel) => AnswersAsync(options, port, cancel),
                Failure = lines => PostgresFailure.Of(options.DataDirectory, lines),
            };
            var (process, chosen) = await start.RunAsync(log, cancellationToken);
            return new(options, process, chosen);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data of Postgres cannot be kept in {options.DataDirectory}: {problem.Message}", problem);
        }
    }

    /// <summary>The superuser's Npgsql connection string for a database, with full verification of the server.</summary>
    public string ConnectionString(string database = "postgres") => ConnectionString(_options, Port, database);

    /// <summary>Fast shutdown when it still runs; killed when it takes too long.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string ConnectionString(PostgresOptions options, int port, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "localhost",
        Port = port,
        Username = UserName,
        Password = options.Password,
        Database = database,
        SslMode = SslMode.VerifyFull,
        RootCertificate = options.Certificate.CertificatePath,
        // A man in the middle with a stolen certificate still cannot pass the password's proof on.
        ChannelBinding = ChannelBinding.Require,
    }.ConnectionString;

    private static ProcessStartInfo Prepare(PostgresBinaries binaries, PostgresOptions options, int port)
    {
        PostgresCluster.Configure(options, port);
        return Command(binaries.Server, ["-D", options.DataDirectory]);
    }

    private static async Task<bool> AnswersAsync(PostgresOptions options, int port, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(options, port, "postgres") + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new SetupException(
                $"The data in {options.DataDirectory} has another password than the one on file. Restore the file with the generated passwords, or start over with --fresh.",
                problem);
        }
        catch (NpgsqlException problem) when (problem.InnerException is SocketException or IOException or TimeoutException
            || problem.SqlState is PostgresErrorCodes.CannotConnectNow)
        {
            // Not listening yet, or still recovering from a crash.
            return false;
        }
        catch (NpgsqlException problem)
        {
            throw new SetupException($"Postgres runs but refuses its superuser: {problem.InnerException?.Message ?? problem.Message}", problem);
        }
    }
}
