using Npgsql;
using Testcontainers.PostgreSql;

namespace SecureShop.Testing;

/// <summary>
/// Where the tests' Postgres comes from: one that runs already, where <see cref="Given"/> says how to get at it; a container where Docker runs;
/// else the embedded one.
/// </summary>
internal sealed class PostgresSource : IAsyncDisposable
{
    /// <summary>
    /// The environment variable with a superuser's connection string. Whoever starts the same tests again and again, a mutation run above all, is
    /// spared a start of the server each time. A server for tests: they make roles and databases in it.
    /// </summary>
    public const string Given = "TESTS_POSTGRES";

    private readonly string _connectionString;
    private readonly Func<ValueTask> _end;

    private PostgresSource(string connectionString, Func<ValueTask> end, bool isGiven = false)
    {
        _connectionString = connectionString;
        _end = end;
        IsGiven = isGiven;
    }

    /// <summary>Whether it was there before these tests and outlives them: they take away what they have made.</summary>
    public bool IsGiven { get; }

    public static async Task<PostgresSource> StartAsync(CancellationToken cancellationToken)
        => Environment.GetEnvironmentVariable(Given) is { Length: > 0 } given ? new(given, static () => ValueTask.CompletedTask, isGiven: true)
            : await Docker.AnswersAsync() ? await StartContainerAsync(cancellationToken)
            : await StartEmbeddedAsync(cancellationToken);

    public string ConnectionString(string database)
        => new NpgsqlConnectionStringBuilder(_connectionString) { Database = database }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _end();
    }

    // Without TLS, on a port of loopback: what these tests ask of Postgres is SQL. That it speaks TLS alone is a matter of the
    // servers that AppHost starts, and is tested on those (EmbeddedServers.Tests, System.Tests).
    private static async Task<PostgresSource> StartContainerAsync(CancellationToken cancellationToken)
    {
        var container = new PostgreSqlBuilder("postgres:18.6-alpine").WithCommand("-c", "fsync=off", "-c", "max_connections=200").Build();
        try
        {
            await container.StartAsync(cancellationToken);
            return new(container.GetConnectionString(), container.DisposeAsync);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    private static async Task<PostgresSource> StartEmbeddedAsync(CancellationToken cancellationToken)
    {
        var place = new TestServers();
        try
        {
            var server = await place.StartPostgresAsync(cancellationToken);
            return new(server.ConnectionString(), async () =>
            {
                await server.DisposeAsync();
                place.Dispose();
            });
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }
}
