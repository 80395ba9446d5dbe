using Npgsql;
using Testcontainers.PostgreSql;

namespace SecureShop.Testing;

/// <summary>Where the tests' Postgres comes from: a container where Docker runs, else the embedded one.</summary>
internal sealed class PostgresSource : IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly Func<ValueTask> _end;

    private PostgresSource(string connectionString, Func<ValueTask> end)
    {
        _connectionString = connectionString;
        _end = end;
    }

    public static async Task<PostgresSource> StartAsync(CancellationToken cancellationToken)
        => await Docker.AnswersAsync() ? await StartContainerAsync(cancellationToken) : await StartEmbeddedAsync(cancellationToken);

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
