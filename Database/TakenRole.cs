using Npgsql;

namespace SecureShop.Database;

/// <summary>Works as another role until disposed, so that what is created belongs to that role.</summary>
internal sealed class TakenRole : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private TakenRole(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<TakenRole> TakeAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
    {
        await Sql.ExecuteAsync(connection, "set role %I", [role], cancellationToken);
        return new(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await using var command = new NpgsqlCommand("reset role", connection);
        await command.ExecuteNonQueryAsync();
    }
}
