using Npgsql;
using SecureShop.StandIns.AspireHosting.Servers;

namespace SecureShop.Testing;

/// <summary>Where the tests' Postgres comes from: the embedded one. (Compiled where Testcontainers does not restore.)</summary>
internal sealed class PostgresSource : IAsyncDisposable
{
    private readonly EmbeddedServers _embedded;
    private readonly PostgresServer _server;

    private PostgresSource(EmbeddedServers embedded, PostgresServer server)
    {
        _embedded = embedded;
        _server = server;
    }

    public static async Task<PostgresSource> StartAsync(CancellationToken cancellationToken)
    {
        var embedded = new EmbeddedServers();
        try
        {
            return new(embedded, await embedded.StartPostgresAsync(cancellationToken));
        }
        catch
        {
            embedded.Dispose();
            throw;
        }
    }

    public string ConnectionString(string database) => _server.ConnectionString(database);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
        _embedded.Dispose();
    }
}
