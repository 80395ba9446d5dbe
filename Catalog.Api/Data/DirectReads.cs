using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SecureShop.Catalog.Data;

/// <summary>
/// Reads by a statement written by hand, on the context's own connection and with its retries: for what is asked most, where EF Core takes
/// longer than Postgres (bench/README.md). It says nothing to the database about the caller, so it is for what everyone sees.
/// </summary>
internal static class DirectReads
{
    /// <summary>Runs the statement that <paramref name="write"/> makes, all values of which are parameters, and reads its rows by <paramref name="read"/>.</summary>
    public static Task<TResult> ReadDirectlyAsync<TAsked, TResult>(
        this CatalogDbContext database,
        TAsked asked,
        Action<NpgsqlCommand, TAsked> write,
        Func<NpgsqlDataReader, CancellationToken, Task<TResult>> read,
        CancellationToken cancellationToken)
        => database.Database.CreateExecutionStrategy().ExecuteAsync(
            (database, asked, write, read), static (all, token) => ReadOnceAsync(all.database, all.asked, all.write, all.read, token), cancellationToken);

    private static async Task<TResult> ReadOnceAsync<TAsked, TResult>(
        CatalogDbContext database,
        TAsked asked,
        Action<NpgsqlCommand, TAsked> write,
        Func<NpgsqlDataReader, CancellationToken, Task<TResult>> read,
        CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)database.Database.GetDbConnection();
        await connection.OpenAsync(cancellationToken);
        try
        {
            await using var command = connection.CreateCommand();
            write(command, asked);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await read(reader, cancellationToken);
        }
        finally
        {
            await connection.CloseAsync();
        }
    }
}
