using System.Diagnostics.CodeAnalysis;
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
}

/// <summary>A real Postgres on loopback, TLS and scram-sha-256 only.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser.</summary>
    public const string UserName = "postgres";

    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly PostgresOptions _options;
    private readonly ChildProcess _process;
    private readonly LastLines _lines;

    private PostgresServer(PostgresOptions options, int port, ChildProcess process, LastLines lines)
    {
        _options = options;
        Port = port;
        _process = process;
        _lines = lines;
    }

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The postmaster's process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Completes with the exit code when the server ends, asked or not.</summary>
    public Task<int> Exited => _process.Exited;

    // The user's own PGDATA, PGPORT, PGSSLMODE … are meant for another server.
    internal static IReadOnlyDictionary<string, string?> Environment { get; } = System.Environment.GetEnvironmentVariables().Keys
        .Cast<string>()
        .Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal) || name is "LANG" or "LANGUAGE")
        .ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);

    /// <summary>Finds Postgres (fetching it when it is not installed), initialises the data once, starts it and waits until it answers.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="guard">Ends it should this process die first.</param>
    /// <param name="log">Receives progress and the server's own lines.</param>
    /// <param name="cancellationToken">Gives up; nothing stays running.</param>
    /// <exception cref="SetupException">With the mend.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresOptions options, ProcessGuard guard, Action<string> log, CancellationToken cancellationToken)
    {
        options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        try
        {
            var version = PostgresCluster.VersionOf(options.DataDirectory);
            var package = new PostgresPackage(DataDirectory.Cache, guard, log);
            var binaries = await PostgresBinaries.FindAsync(PostgresBinaries.Installed(), version, options.DataDirectory, package, cancellationToken);
            if (version is null)
                await PostgresCluster.InitialiseAsync(binaries, options, guard, log, cancellationToken);

            for (var attempt = 1; ; attempt++)
            {
                var server = Launch(binaries, options, guard, log);
                if (await server.AnswersAsync(mayRetry: attempt < Attempts && options.Port == 0, cancellationToken))
                    return server;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data of Postgres cannot be kept in {options.DataDirectory}: {problem.Message}", problem);
        }
    }

    /// <summary>The superuser's Npgsql connection string for a database, with full verification of the server.</summary>
    public string ConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = "localhost",
        Port = Port,
        Username = UserName,
        Password = _options.Password,
        Database = database,
        SslMode = SslMode.VerifyFull,
        RootCertificate = _options.Certificate.CertificatePath,
        // A man in the middle with a stolen certificate still cannot pass the password's proof on.
        ChannelBinding = ChannelBinding.Require,
    }.ConnectionString;

    /// <summary>Creates a database unless it is there.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "A name cannot be a parameter; quoted by Npgsql it cannot be anything but a name.")]
    public async Task EnsureDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var look = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection);
        look.Parameters.Add(new() { Value = name });
        if (await look.ExecuteScalarAsync(cancellationToken) is true)
            return;

        await using var command = connection.CreateCommand();
        using var quoting = new NpgsqlCommandBuilder();
        command.CommandText = $"CREATE DATABASE {quoting.QuoteIdentifier(name)}";
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Since a moment ago.
        }
    }

    /// <summary>Fast shutdown; killed after the grace.</summary>
    public async Task StopAsync(TimeSpan grace)
        => await _process.StopAsync(grace);

    /// <summary>Stops it when it still runs.</summary>
    public async ValueTask DisposeAsync()
        => await _process.StopAsync(Grace);

    [SuppressMessage("Reliability", "CA2000", Justification = "The server owns its process.")]
    private static PostgresServer Launch(PostgresBinaries binaries, PostgresOptions options, ProcessGuard guard, Action<string> log)
    {
        if (options.Port != 0 && !LoopbackPort.IsFree(options.Port))
            throw new SetupException($"Port {options.Port} is taken: stop the program that listens there, or choose another for Postgres.");
        var port = options.Port == 0 ? LoopbackPort.Free() : options.Port;
        PostgresCluster.Configure(options, port);
        var lines = new LastLines();
        var process = ChildProcess.Start(
            new()
            {
                FileName = binaries.Server,
                Arguments = ["-D", options.DataDirectory],
                UserName = ServerAccount.Current?.Name,
                Environment = Environment,
                StopSignal = StopSignal.Interrupt,
            },
            guard,
            line =>
            {
                lines.Add(line.Text);
                log(line.Text);
            });
        return new(options, port, process, lines);
    }

    /// <summary>Waits until a real connection works. False when it lost its port to another program and may try the next.</summary>
    private async Task<bool> AnswersAsync(bool mayRetry, CancellationToken cancellationToken)
    {
        try
        {
            while (!Exited.IsCompleted)
            {
                if (await TryConnectAsync(cancellationToken))
                    return true;
                await Task.WhenAny(Exited, Task.Delay(Pause, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }

            var lines = _lines.Read();
            return mayRetry && PostgresFailure.IsPortTaken(lines) ? false : throw PostgresFailure.Of(_options.DataDirectory, lines);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new SetupException(
                $"The data in {_options.DataDirectory} has another password than the one on file. Restore the file with the generated passwords, or start over with --fresh.",
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
