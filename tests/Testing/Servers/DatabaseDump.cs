using System.Diagnostics.CodeAnalysis;
using System.Text;
using Npgsql;

namespace SecureShop.Testing;

/// <summary>Every row of every table, as whoever gets hold of a backup has it.</summary>
public static class DatabaseDump
{
    /// <summary>All schemas but Postgres' own, as <c>COPY</c> writes them; bytes are hexadecimal there.</summary>
    /// <param name="connectionString">The superuser's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [SuppressMessage("Security", "CA2100", Justification = "The names are quoted by Postgres itself.")]
    public static async Task<string> OfAsync(string connectionString, CancellationToken cancellationToken)
    {
        var dump = new StringBuilder();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                tables.Add(reader.GetString(0));
        }

        foreach (var table in tables)
        {
            dump.Append("-- ").AppendLine(table);
            using var rows = await connection.BeginTextExportAsync($"copy (select * from {table}) to stdout", cancellationToken);
            dump.AppendLine(await rows.ReadToEndAsync(cancellationToken));
        }

        return dump.ToString();
    }

    /// <summary>The forms in which <paramref name="text"/> may stand in a dump: plain, in bytes, in UTF-16, in Base64 wherever in a longer text it begins, and that in bytes.</summary>
    public static IReadOnlyList<string> FormsOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var base64 = Enumerable.Range(0, 3).Select(shift =>
        {
            var whole = bytes.Length - ((bytes.Length + shift) % 3);
            return Convert.ToBase64String([.. new byte[shift], .. bytes[..whole]])[(shift == 0 ? 0 : 4)..];
        }).ToList();
        return
        [
            text, text.Replace("\n", "\\n", StringComparison.Ordinal), Convert.ToHexString(bytes), Convert.ToHexString(Encoding.Unicode.GetBytes(text)),
            .. base64, .. base64.Select(encoded => Convert.ToHexString(Encoding.ASCII.GetBytes(encoded))),
        ];
    }

    /// <summary>Whether <paramref name="dump"/> holds <paramref name="text"/> in one of its forms.</summary>
    public static bool Shows(string dump, string text)
    {
        ArgumentNullException.ThrowIfNull(dump);
        return FormsOf(text).Any(form => dump.Contains(form, StringComparison.OrdinalIgnoreCase));
    }
}
