using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace SecureShop.Identity.Tests.Support;

/// <summary>What whoever steals a copy of the database reads.</summary>
internal static class Dumps
{
    [SuppressMessage("Security", "CA2100", Justification = "The name comes from the model or from Postgres itself.")]
    public static async Task<string> OfAsync(string database, string table)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"select coalesce(string_agg(one::text, ' '), '') from identity.\"{table}\" one", connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
