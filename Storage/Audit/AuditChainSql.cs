using Microsoft.EntityFrameworkCore.Migrations;

namespace SecureShop.Storage.Audit;

/// <summary>
/// What migrations put into the database so that it chains the rows itself. Its text never changes: migrations that ran said this. Another
/// encoding is another function, with the next <see cref="AuditChain.Format"/>.
/// </summary>
public static class AuditChainSql
{
    /// <summary>
    /// Chains the table <c>audit_events</c> of <paramref name="schema"/>, which has its columns already, with the rows that are in it: they are
    /// numbered anew in their order and chained as they are now, so that from here on a change of them shows too.
    /// </summary>
    /// <remarks>
    /// A trigger, and not the writer: the service's role cannot choose the place or the hash of a row, nor can replicas get into each other's way. It holds
    /// a lock to the end of the transaction, so the next writer sees what this one has committed. It runs as the schema's owner, because
    /// it has to see the last row whatever the role may see. A row whose mark is there was written before, although its answer was lost.
    /// </remarks>
    public static void ChainAudit(this MigrationBuilder migration, string schema)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.Sql($$"""
            create function {{schema}}.audit_field(value bytea) returns bytea language sql immutable as $$
                select case when value is null then '\x00'::bytea else '\x01'::bytea || int4send(octet_length(value)) || value end
            $$;

            create function {{schema}}.audit_hash(previous bytea, entry {{schema}}.audit_events) returns bytea language plpgsql immutable as $$
            begin
                return '\x01'::bytea || sha256(
                    '\x01'::bytea
                    || {{schema}}.audit_field(convert_to('{{schema}}', 'UTF8'))
                    || {{schema}}.audit_field(int8send(entry.id))
                    || {{schema}}.audit_field(previous)
                    || {{schema}}.audit_field(uuid_send(entry.mark))
                    || {{schema}}.audit_field(timestamptz_send(entry.at))
                    || {{schema}}.audit_field(int4send(entry.event_id))
                    || {{schema}}.audit_field(convert_to(entry.event_name, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.reason, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.subject, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.actor, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.client, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.network, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.method, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.route, 'UTF8'))
                    || {{schema}}.audit_field(int4send(entry.status))
                    || {{schema}}.audit_field(convert_to(entry.trace_id, 'UTF8'))
                    || {{schema}}.audit_field(convert_to(entry.details::text, 'UTF8')));
            end
            $$;

            do $$
            declare
                entry {{schema}}.audit_events;
                previous bytea;
                place bigint := 0;
                former bigint;
            begin
                for entry in select * from {{schema}}.audit_events order by id loop
                    former := entry.id;
                    place := place + 1;
                    entry.id := place;
                    previous := {{schema}}.audit_hash(previous, entry);
                    update {{schema}}.audit_events set id = place, hash = previous where id = former;
                end loop;
            end
            $$;

            create function {{schema}}.audit_chain() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
            declare
                last_id bigint;
                last_hash bytea;
            begin
                perform pg_advisory_xact_lock(1096107337, tg_relid::integer);
                if exists (select from {{schema}}.audit_events where mark = new.mark) then
                    return null;
                end if;
                select id, hash into last_id, last_hash from {{schema}}.audit_events order by id desc limit 1;
                new.id := coalesce(last_id, 0) + 1;
                new.hash := {{schema}}.audit_hash(last_hash, new);
                return new;
            end
            $$;

            create trigger audit_chain before insert on {{schema}}.audit_events for each row execute function {{schema}}.audit_chain();
            """);
    }

    /// <summary>Takes it back.</summary>
    public static void UnchainAudit(this MigrationBuilder migration, string schema)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.Sql($"""
            drop trigger audit_chain on {schema}.audit_events;
            drop function {schema}.audit_chain();
            drop function {schema}.audit_hash(bytea, {schema}.audit_events);
            drop function {schema}.audit_field(bytea);
            """);
    }
}
