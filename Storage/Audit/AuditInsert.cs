using System.Runtime.CompilerServices;

namespace SecureShop.Storage.Audit;

/// <summary>A row of a chain, and its hash.</summary>
internal sealed record AuditPlace(string Schema, long Row, byte[] Hash);

/// <summary>Puts rows into the table, which chains them and leaves out those that it has already.</summary>
internal static class AuditInsert
{
    private const string Columns = "mark, at, event_id, event_name, reason, subject, actor, client, network, method, route, status, trace_id";

    /// <summary>Writes all of <paramref name="rows"/> or none, in their order; says how far the chain goes then.</summary>
    public static async Task<AuditPlace> RunAsync(DbContext database, IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        // The model's own name of the table is all that is put into the text.
        var entity = database.Model.FindEntityType(typeof(AuditRow))!;
        object[] columns =
        [
            Of(row => row.Mark), Of(row => row.At), Of(row => row.EventId), Of(row => row.EventName), Of(row => row.Reason), Of(row => row.Subject), Of(row => row.Actor),
            Of(row => row.Client), Of(row => row.Network), Of(row => row.Method), Of(row => row.Route), Of(row => row.Status), Of(row => row.TraceId), Of(row => row.Details),
        ];
        var sql = $$"""
            insert into {{entity.GetSchemaQualifiedTableName()}} ({{Columns}}, details)
            select {{Columns}}, details::jsonb
            from unnest({{string.Join(", ", columns.Select((_, place) => $"{{{place}}}"))}}) with ordinality as rows ({{Columns}}, details, place)
            order by place
            returning *
            """;

        // What comes back is committed when the statement has ended. Nothing does where all of it was written before, and the answer was lost.
        var table = database.Set<AuditRow>();
        var written = await table.FromSql(FormattableStringFactory.Create(sql, columns)).AsNoTracking().ToListAsync(cancellationToken);
        var last = written.Count > 0 ? written[^1] : await table.AsNoTracking().OrderByDescending(row => row.Id).FirstAsync(cancellationToken);
        return new(entity.GetSchema()!, last.Id, last.Hash);

        T[] Of<T>(Func<AuditRow, T> column) => [.. rows.Select(column)];
    }
}
