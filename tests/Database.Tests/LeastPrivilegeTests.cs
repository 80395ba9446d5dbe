using Npgsql;

namespace SecureShop.Database.Tests;

/// <summary>What each role may do and, mostly, may not (P13), asked of the server itself.</summary>
[Trait("Practice", "P13")]
public sealed class LeastPrivilegeTests(ReadyDatabase ready)
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;

    private static readonly string[] Services = ["identity", "catalog", "orders"];

    private static readonly Dictionary<string, string> SomeTable = new(StringComparer.Ordinal)
    {
        ["identity"] = "users",
        ["catalog"] = "products",
        ["orders"] = "orders",
    };

    public static IEnumerable<TheoryDataRow<string, string>> Pairs()
        => from service in Services from other in Services where service != other select new TheoryDataRow<string, string>(service, other);

    public static IEnumerable<TheoryDataRow<string>> All() => Services.Select(service => new TheoryDataRow<string>(service));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task No_service_sees_anothers_schema(string service, string other)
    {
        var app = Setup.As(ready.Admin, $"{service}_app");
        var table = await TableOf(other);
        foreach (var statement in (string[])[$"select 1 from {other}.{table}", $"delete from {other}.{table}", $"truncate {other}.{table}", $"create table {other}.mine (id int)"])
            Assert.Equal(Denied, await Setup.ErrorAsync(app, statement));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, $"set role {other}_app"));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, $"set role {other}_migrator"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_service_reads_and_writes_its_rows_and_changes_no_table(string service)
    {
        var app = Setup.As(ready.Admin, $"{service}_app");
        var table = await TableOf(service);
        Assert.Null(await Setup.ErrorAsync(app, $"select 1 from {service}.{table}"));
        Assert.Null(await Setup.ErrorAsync(app, $"update {service}.{table} set {await ColumnOf(service, table)} = {await ColumnOf(service, table)} where false"));
        Assert.Null(await Setup.ErrorAsync(app, $"delete from {service}.{table} where false"));
        foreach (var statement in (string[])
        [
            $"alter table {service}.{table} add column more int",
            $"drop table {service}.{table}",
            $"truncate {service}.{table}",
            $"create index on {service}.{table} ((1))",
            $"create trigger t before insert on {service}.{table} execute function pg_catalog.suppress_redundant_updates_trigger()",
            $"create table {service}.mine (id int)",
            $"create function {service}.mine() returns int language sql as 'select 1'",
            "create table public.mine (id int)",
            "create temporary table mine (id int)",
            "create schema mine",
            "create role mine",
            "create database mine",
            $"set role {service}_migrator",
            $"select 1 from {service}.__migrations",
            "select 1 from pg_authid",
            "copy (select 1) to program 'id'",
            "select pg_read_file('postgresql.conf')",
        ])
        {
            var error = await Setup.ErrorAsync(app, statement);
            Assert.True(error is Denied, $"{error ?? "allowed"}: {statement}");
        }
    }

    [Fact]
    public async Task Rows_that_come_with_migrations_are_read_only()
    {
        var app = Setup.As(ready.Admin, "catalog_app");
        Assert.Null(await Setup.ErrorAsync(app, "select 1 from catalog.categories"));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, "update catalog.categories set name = 'x'"));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, "insert into catalog.categories values ('x', 'x')"));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, "select 1 from catalog.__seeds"));
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Practice", "P33")]
    public async Task The_audit_trail_is_added_to_and_read_and_nothing_else(string service)
    {
        var app = Setup.As(ready.Admin, $"{service}_app");
        Assert.Null(await Setup.ErrorAsync(
            app, $"set shop.task = 'audit'; insert into {service}.audit_events (mark, at, event_id, event_name) values (gen_random_uuid(), now(), 4001, 'SignedIn') on conflict (mark) do nothing"));
        Assert.True(await Setup.ReadAsync<long>(app, $"set shop.task = 'audit'; select count(*) from {service}.audit_events") > 0);
        foreach (var statement in (string[])
        [
            $"update {service}.audit_events set event_name = 'x'",
            $"update {service}.audit_events set event_name = 'x' where false",
            $"delete from {service}.audit_events where false",
            $"truncate {service}.audit_events",
            $"select 1 from {service}.audit_events for update",
            $"insert into {service}.audit_events (mark, at, event_id, event_name) select mark, at, event_id, event_name from {service}.audit_events on conflict (mark) do update set event_name = 'x'",
            $"drop table {service}.audit_events",
            $"create trigger t before insert on {service}.audit_events execute function pg_catalog.suppress_redundant_updates_trigger()",
        ])
        {
            var error = await Setup.ErrorAsync(app, statement);
            Assert.True(error is Denied, $"{error ?? "allowed"}: {statement}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_migrator_cannot_log_in_and_owns_its_schema_alone(string service)
    {
        await Assert.ThrowsAsync<PostgresException>(() => Setup.ReadAsync<int>(Setup.As(ready.Admin, $"{service}_migrator"), "select 1"));
        Assert.Equal(
            [service],
            await Setup.ReadAsync<string[]>(ready.Admin, $"select array_agg(nspname::text) from pg_namespace where nspowner = '{service}_migrator'::regrole"));
        Assert.Equal(0L, await Setup.ReadAsync<long>(
            ready.Admin,
            $"select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '{service}' and c.relowner <> '{service}_migrator'::regrole"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_role_has_an_attribute_or_a_membership(string service)
    {
        foreach (var role in (string[])[$"{service}_app", $"{service}_migrator"])
        {
            Assert.True(await Setup.ReadAsync<bool>(
                ready.Admin,
                $"select not (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls) from pg_roles where rolname = '{role}'"));
            Assert.Equal(0L, await Setup.ReadAsync<long>(ready.Admin, $"select count(*) from pg_auth_members where member = '{role}'::regrole"));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_services_sessions_are_bounded(string service)
    {
        var app = Setup.As(ready.Admin, $"{service}_app");
        Assert.Equal("10s", await Setup.ReadAsync<string>(app, "show statement_timeout"));
        Assert.Equal("5s", await Setup.ReadAsync<string>(app, "show lock_timeout"));
        Assert.Equal("15s", await Setup.ReadAsync<string>(app, "show idle_in_transaction_session_timeout"));
        Assert.Equal(service, await Setup.ReadAsync<string>(app, "show search_path"));
        Assert.Equal(64, await Setup.ReadAsync<int>(app, "select rolconnlimit from pg_roles where rolname = current_user"));
    }

    [Fact]
    public async Task Nobody_else_may_connect_or_create()
    {
        Assert.False(await Setup.ReadAsync<bool>(
            ready.Admin, "select exists (select from pg_database, aclexplode(datacl) where datname = current_database() and grantee = 0)"));
        Assert.False(await Setup.ReadAsync<bool>(
            ready.Admin, "select exists (select from pg_namespace, aclexplode(nspacl) where nspname in ('public', 'identity', 'catalog', 'orders') and grantee = 0)"));
    }

    [Fact]
    public async Task Rights_that_were_changed_by_hand_are_put_back()
    {
        await Setup.ErrorAsync(ready.Admin, "grant all on all tables in schema catalog to catalog_app, public");
        await Setup.ErrorAsync(ready.Admin, "grant all on schema catalog to catalog_app");
        await Setup.ErrorAsync(ready.Admin, "revoke select on catalog.products from catalog_app");
        await Setup.ErrorAsync(ready.Admin, "alter role catalog_migrator login password 'a-back-door-for-later'");

        await Setup.RunAsync(ready.Admin);

        var app = Setup.As(ready.Admin, "catalog_app");
        Assert.Null(await Setup.ErrorAsync(app, "select 1 from catalog.products"));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, "truncate catalog.reservation_lines"));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, "create table catalog.mine (id int)"));
        Assert.Equal(Denied, await Setup.ErrorAsync(app, "select 1 from catalog.__migrations"));
        Assert.Equal(Denied, await Setup.ErrorAsync(Setup.As(ready.Admin, "orders_app"), "select 1 from catalog.products"));
        await Assert.ThrowsAsync<PostgresException>(
            () => Setup.ReadAsync<int>(Setup.As(ready.Admin, "catalog_migrator", "a-back-door-for-later"), "select 1"));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task Passwords_are_kept_as_scram_verifiers_and_change_with_the_setting()
    {
        Assert.True(await Setup.ReadAsync<bool>(
            ready.Admin, "select bool_and(rolpassword like 'SCRAM-SHA-256$4096:%') from pg_authid where rolname like '%\\_app'"));

        await Setup.RunAsync(ready.Admin, "another-password-of-theirs");
        await Assert.ThrowsAsync<PostgresException>(() => Setup.ReadAsync<int>(Setup.As(ready.Admin, "catalog_app"), "select 1"));
        Assert.Equal(1, await Setup.ReadAsync<int>(Setup.As(ready.Admin, "catalog_app", "another-password-of-theirs"), "select 1"));

        await Setup.RunAsync(ready.Admin);
        Assert.Equal(1, await Setup.ReadAsync<int>(Setup.As(ready.Admin, "catalog_app"), "select 1"));
    }

    private async Task<string> TableOf(string service) => await Setup.ReadAsync<string>(
        ready.Admin,
        $"select tablename::text from pg_tables where schemaname = '{service}' and left(tablename, 2) <> '__' order by tablename <> '{SomeTable[service]}', tablename limit 1");

    private async Task<string> ColumnOf(string service, string table) => await Setup.ReadAsync<string>(
        ready.Admin,
        $"select column_name::text from information_schema.columns where table_schema = '{service}' and table_name = '{table}' and is_generated = 'NEVER' order by ordinal_position limit 1");
}
