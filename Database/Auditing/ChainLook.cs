using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using SecureShop.Storage.Audit;

namespace SecureShop.Database.Auditing;

/// <summary>What was found of one chain: how many rows it has, or the first row where it is not what was written.</summary>
internal sealed record ChainFound(long Rows, string? Fault = null);

/// <summary>Reads a chain from its first row to its last, one row in memory at a time.</summary>
internal sealed class ChainLook(NpgsqlConnection connection, TextWriter output)
{
    /// <summary>How often a long look says where it is.</summary>
    private const long Step = 100_000;

    /// <summary>Computes each row's hash anew, by other code than wrote it.</summary>
    public async Task<ChainFound> RunAsync(string schema, CancellationToken cancellationToken)
    {
        await using var command = Select(schema);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        byte[]? previous = null;
        long rows = 0;
        var columns = new byte[]?[1 + AuditChain.Columns.Count];
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetInt64(0);
            if (id != rows + 1)
                return new(rows, id > rows + 1 ? $"row {Number(rows + 1)} is missing: the next one there is {Number(id)}" : $"there is a row {Number(id)} that is none of the chain");
            for (var column = 0; column < columns.Length; column++)
                columns[column] = reader[column + 1] as byte[];
            var hash = columns[0];
            if (hash is null || !hash.AsSpan().SequenceEqual(AuditChain.Hash(schema, id, previous, columns.Skip(1))))
                return new(rows, $"row {Number(id)} does not fit its hash and the row before it: it was edited, moved or added, or the row before it was");
            (previous, rows) = (hash, id);
            if (rows % Step == 0)
                await output.WriteLineAsync($"{schema}: {Number(rows)} rows ...");
        }

        return new(rows);
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    [SuppressMessage("Security", "CA2100", Justification = "The schema is one of this project's, the columns are constants.")]
    private NpgsqlCommand Select(string schema)
        => new($"select id, hash, {string.Join(", ", AuditChain.Columns)} from {schema}.audit_events order by id", connection) { CommandTimeout = 0 };
}
