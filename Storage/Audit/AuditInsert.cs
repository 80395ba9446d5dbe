using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace SecureShop.Storage.Audit;

/// <summary>A row of a chain, and its hash.</summary>
internal sealed record AuditPlace(string Schema, long Row, byte[] Hash);

/// <summary>Puts rows into the table, which chains them and leaves out those that it has already.</summary>
internal static class AuditInsert
{
    private const string Columns = "mark, at, event_id, event_name, reason, subject, actor, client, network, method, route, status, trace_id";

    /// <summary>Writes all of <paramref name="rows"/> or none, in their order; says how far the chain goes then.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The model's own name of the table is all that is put into the text.")]
    public static async Task<AuditPlace> RunAsync(DbContext database, IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        var entity = database.Model.FindEntityType(typeof(AuditRow))!;
        var table = entity.GetSchemaQualifiedTableName();
        await database.Database.OpenConnectionAsync(cancellationToken);
        await using var command = ((NpgsqlConnection)database.Database.GetDbConnection()).CreateCommand();
        command.CommandText = $"""
            insert into {table} ({Columns}, details)
            select {Columns}, details::jsonb
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) with ordinality as rows ({Columns}, details, place)
            order by place
            returning id, hash
            """;
        foreach (var column in (object[])
        [
            Of(row => row.Mark), Of(row => row.At), Of(row => row.EventId), Of(row => row.EventName), Of(row => row.Reason), Of(row => row.Subject), Of(row => row.Actor),
            Of(row => row.Client), Of(row => row.Network), Of(row => row.Method), Of(row => row.Route), Of(row => row.Status), Of(row => row.TraceId), Of(row => row.Details),
        ])
            command.Parameters.Add(new() { Value = column });
        if (await LastAsync(command, entity.GetSchema()!, cancellationToken) is { } written)
            return written;

        // All of them were there: they were written before, and the answer was lost.
        command.CommandText = $"select id, hash from {table} order by id desc limit 1";
        command.Parameters.Clear();
        return (await LastAsync(command, entity.GetSchema()!, cancellationToken))!;

        T[] Of<T>(Func<AuditRow, T> column) => [.. rows.Select(column)];
    }

    // What comes back is committed when the statement has ended.
    private static async Task<AuditPlace?> LastAsync(NpgsqlCommand command, string schema, CancellationToken cancellationToken)
    {
        AuditPlace? last = null;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            last = new(schema, reader.GetInt64(0), await reader.GetFieldValueAsync<byte[]>(1, cancellationToken));
        return last;
    }
}
