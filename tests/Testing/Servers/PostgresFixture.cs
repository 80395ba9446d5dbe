using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Xunit;

namespace SecureShop.Testing;

/// <summary>
/// One real Postgres for a test process: <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>. It lives in a
/// temporary folder, takes no time to be safe on disk, and ends with the process however that ends; or it is the one that
/// <see cref="PostgresSource.Given"/> names.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _made = new();
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
        _made.Enqueue(name);
        return ConnectionString(name);
    }

    /// <summary>Ends the server and deletes its data; of one that was given, what was made in it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_source is null)
            return;
        if (_source.IsGiven)
            await DropAsync();
        await _source.DisposeAsync();
    }

    [SuppressMessage("Security", "CA2100", Justification = "The names were made here.")]
    private async Task DropAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        foreach (var name in _made)
        {
            await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
