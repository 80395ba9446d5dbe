using Npgsql;

namespace SecureShop.Database.Seeding;

/// <summary>Remembers, in the schema itself and in the seed's own transaction, that something was seeded.</summary>
internal static class SeedMark
{
    /// <summary>The table of what was seeded. Not the services' business.</summary>
    public const string Table = "__seeds";

    /// <summary>Whether this call is the first to say that <paramref name="seed"/> is done.</summary>
    public static async Task<bool> SetAsync(NpgsqlConnection connection, string schema, string seed, CancellationToken cancellationToken)
    {
        await EnsureTableAsync(connection, schema, cancellationToken);
        var text = await Sql.FormatAsync(
            connection,
            "with added as (insert into %I.%I values (%L) on conflict do nothing returning 1) select exists (select from added)",
            [schema, Table, seed],
            cancellationToken);
        return await Sql.ScalarAsync<bool>(connection, text, [], cancellationToken);
    }

    /// <summary>The mark that begins with <paramref name="prefix"/>, or an empty text.</summary>
    public static async Task<string> FindAsync(NpgsqlConnection connection, string schema, string prefix, CancellationToken cancellationToken)
    {
        await EnsureTableAsync(connection, schema, cancellationToken);
        var text = await Sql.FormatAsync(connection, "select coalesce(max(name), '') from %I.%I where starts_with(name, $1)", [schema, Table], cancellationToken);
        return await Sql.ScalarAsync<string>(connection, text, [prefix], cancellationToken);
    }

    /// <summary>Puts <paramref name="seed"/> in the place of the mark that begins with <paramref name="prefix"/>.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection, string schema, string prefix, string seed, CancellationToken cancellationToken)
    {
        await Sql.ExecuteAsync(connection, "delete from %I.%I where starts_with(name, %L)", [schema, Table, prefix], cancellationToken);
        await Sql.ExecuteAsync(connection, "insert into %I.%I values (%L)", [schema, Table, seed], cancellationToken);
    }

    private static async Task EnsureTableAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await Sql.ExecuteAsync(connection, "create table if not exists %I.%I (name text primary key)", [schema, Table], cancellationToken);
        await Sql.ExecuteAsync(connection, "revoke all on %I.%I from %I", [schema, Table, $"{schema}_app"], cancellationToken);
    }
}
