using Microsoft.EntityFrameworkCore.Migrations;

namespace SecureShop.Storage.Audit;

/// <summary>
/// What migrations put into the database so that events which transactions have kept get into the chain once. Its text never changes:
/// migrations that ran said this.
/// </summary>
public static class AuditForwardSql
{
    private const string Columns = "mark, at, event_id, event_name, reason, subject, actor, client, network, method, route, status, trace_id, details";

    /// <summary>The way from <c>audit_waiting</c> of <paramref name="schema"/>, which has its columns already, into its chain.</summary>
    /// <remarks>
    /// A function of the schema's owner: the service's role can have waiting rows taken on, and can neither remove nor change one. What one
    /// replica takes is locked, and left out by the others. In the order in which they were kept.
    /// </remarks>
    public static void ForwardAudit(this MigrationBuilder migration, string schema)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.Sql($$"""
            alter table {{schema}}.audit_waiting add place bigint generated always as identity;

            create function {{schema}}.audit_forward(most integer) returns setof {{schema}}.audit_events
            language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
                with taken as (
                    delete from {{schema}}.audit_waiting where mark in (
                        select mark from {{schema}}.audit_waiting order by place limit most for update skip locked)
                    returning *)
                insert into {{schema}}.audit_events ({{Columns}}) select {{Columns}} from taken order by place
                returning *
            $$;
            """);
    }

    /// <summary>Takes it back, once all that waits is in the chain.</summary>
    public static void UnforwardAudit(this MigrationBuilder migration, string schema)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.Sql($"select {schema}.audit_forward(2147483647)");
        migration.Sql($"drop function {schema}.audit_forward(integer)");
    }
}
