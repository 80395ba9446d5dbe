using DotNet.Testcontainers.Builders;
using Npgsql;
using SecureShop.EmbeddedServers;
using Testcontainers.PostgreSql;

namespace SecureShop.Testing;

/// <summary>
/// Where the tests' Postgres comes from: a container where Docker runs, else the embedded one. (Compiled where
/// Testcontainers restores.)
/// </summary>
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
    {
        try
        {
            var container = new PostgreSqlBuilder("postgres:18-alpine").WithCommand("-c", "fsync=off", "-c", "max_connections=200").Build();
            await container.StartAsync(cancellationToken);
            return new(container.GetConnectionString(), container.DisposeAsync);
        }
        catch (DockerUnavailableException)
        {
            return await StartEmbeddedAsync(cancellationToken);
        }
    }

    public string ConnectionString(string database)
        => new NpgsqlConnectionStringBuilder(_connectionString) { Database = database }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _end();
    }

    private static async Task<PostgresSource> StartEmbeddedAsync(CancellationToken cancellationToken)
    {
        var embedded = new TestServers();
        try
        {
            var server = await embedded.StartPostgresAsync(cancellationToken);
            return new(server.ConnectionString(), () => EndAsync(server, embedded));
        }
        catch
        {
            embedded.Dispose();
            throw;
        }
    }

    private static async ValueTask EndAsync(PostgresServer server, TestServers embedded)
    {
        await server.DisposeAsync();
        embedded.Dispose();
    }
}
