using SecureShop.StandIns.AspireHosting.Certificates;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.StandIns.AspireHosting.Servers;

/// <summary>What an embedded Postgres needs.</summary>
public sealed record PostgresOptions
{
    /// <summary>Where the data lives; initialised when it is missing or empty.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The password of the superuser <c>postgres</c>; the data directory keeps the one it was initialised with.</summary>
    public required string Password { get; init; }

    /// <summary>Who signs the server's certificate.</summary>
    public required DevelopmentCertificates Certificates { get; init; }

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

    /// <summary>The loopback port.</summary>
    public int Port => throw new NotSupportedException();

    /// <summary>Completes with the exit code when the server ends, asked or not.</summary>
    public Task<int> Exited => throw new NotSupportedException();

    /// <summary>Finds Postgres (fetching it when it is not installed), initialises the data once, starts it and waits until it answers.</summary>
    /// <param name="options">What it needs.</param>
    /// <param name="guard">Ends it should this process die first.</param>
    /// <param name="log">Receives progress and the server's own lines.</param>
    /// <param name="cancellationToken">Gives up; nothing stays running.</param>
    /// <exception cref="HostingException">With the mend.</exception>
    public static Task<PostgresServer> StartAsync(PostgresOptions options, ProcessGuard guard, Action<string> log, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The superuser's Npgsql connection string for a database, with full verification of the server.</summary>
    public string ConnectionString(string database = "postgres") => throw new NotSupportedException();

    /// <summary>Creates a database unless it is there.</summary>
    public Task EnsureDatabaseAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Fast shutdown; killed after the grace.</summary>
    public Task StopAsync(TimeSpan grace) => throw new NotSupportedException();

    /// <summary>Stops it when it still runs.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
