using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Xunit;

namespace SecureShop.Testing;

/// <summary>
/// One real Postgres for a test process: <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>. It lives in a
/// temporary folder, takes no time to be safe on disk, and ends with the process however that ends.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresSource? _source;

    /// <summary>Starts the server.</summary>
    public async ValueTask InitializeAsync()
        => _source = await PostgresSource.StartAsync(TestContext.Current.CancellationToken);

    /// <summary>
    /// The superuser's connection string to a database of this server. Each database has a pool of its own, and the server room for 200
    /// connections in all: what nobody uses is closed soon.
    /// </summary>
    public string ConnectionString(string database)
        => new NpgsqlConnectionStringBuilder((_source ?? throw new InvalidOperationException("The fixture was not started.")).ConnectionString(database))
        {
            ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 5,
        }.ConnectionString;

    /// <summary>A new database: the superuser's connection string to it.</summary>
    /// <param name="template">The connection string to another one of this server, which it is a copy of; nobody may be using that. Empty without one.</param>
    [SuppressMessage("Security", "CA2100", Justification = "The name is made here, of hexadecimal digits.")]
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Guid.NewGuid():N}";
        var source = template is null ? "template1" : new NpgsqlConnectionStringBuilder(template).Database;
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE {source}";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return ConnectionString(name);
    }

    /// <summary>Ends the server and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
    }
}
