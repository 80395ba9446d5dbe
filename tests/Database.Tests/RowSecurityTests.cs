using System.Diagnostics.CodeAnalysis;
using Npgsql;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Database.Tests;

/// <summary>What the database itself lets a service see and change for whom, with nothing of the service's code in between.</summary>
[Trait("Practice", "P13")]
[Trait("Practice", "P14")]
public sealed class RowSecurityTests(PeoplesRows rows) : IClassFixture<PeoplesRows>
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;
    private const string Alice = PeoplesRows.Alice;
    private const string Bob = PeoplesRows.Bob;

    private static readonly string[] Services = ["identity", "catalog", "orders"];

    public static IEnumerable<TheoryDataRow<string>> All() => Services.Select(service => new TheoryDataRow<string>(service));

    /// <summary>Every table of people's rows, with the column that says whose a row is, and what its owner's token holds.</summary>
    public static TheoryData<string, string, string, string> Owned() => new()
    {
        { "identity", "users", "id", "" },
        { "identity", "data_keys", "owner_id", "" },
        { "identity", "user_roles", "user_id", "" },
        { "identity", "user_claims", "user_id", "" },
        { "identity", "user_logins", "user_id", "" },
        { "identity", "user_tokens", "user_id", "" },
        { "identity", "authenticators", "user_id", "" },
        { "identity", "recovery_codes", "user_id", "" },
        { "identity", "user_passkeys", "user_id", "" },
        { "identity", "sessions", "user_id", "" },
        { "identity", "authorizations", "subject", "" },
        { "identity", "tokens", "subject", "" },
        { "identity", "grants", "subject_id", "" },
        { "identity", "api_keys", "user_id", "" },
        { "identity", "personal_requests", "subject", "" },
        { "identity", "personal_parts", "request_id", "" },
        { "catalog", "products", "seller_id", "seller catalog.read catalog.write" },
        { "catalog", "stock", "seller_id", "seller catalog.read catalog.write" },
        { "orders", "orders", "customer_id", "customer orders.read orders.write" },
        { "orders", "order_lines", "order_id", "customer orders.read orders.write" },
        { "orders", "order_deliveries", "order_id", "customer orders.read orders.write" },
    };

    /// <summary>What each caller and each task sees: of two people's rows none, one or both, table by table. Whatever is not here is not seen.</summary>
    public static TheoryData<string, string, string, string, string> Views() => new()
    {
        { "catalog", "", "", "", "" },
        { "catalog", Alice, "customer catalog.read", "", "audit_events 1, products 1, reservation_lines 1, stock 1" },
        { "catalog", Bob, "seller catalog.read catalog.write", "", "audit_events 1, products 1, reservation_lines 1, stock 1" },
        { "catalog", "somebody", "admin catalog.read catalog.write", "", "products 2, stock 2" },
        { "catalog", "", "catalog.reserve", "", "products 2, reservation_lines 2, reservations 2, stock 2" },
        { "catalog", "", "", "watching", "products 2" },
        { "catalog", "", "", "reconciling", "products 2, reservation_lines 2, reservations 2, stock 2" },
        { "catalog", "", "", "audit", "audit_events 2" },
        { "catalog", "", "", "personal-data", "products 2, reservation_lines 2, stock 2" },
        { "catalog", "", "personal.answer", "", "" },
        { "catalog", "", "", "sign-in", "" },
        { "orders", "", "", "", "" },
        { "orders", Alice, "customer orders.read orders.write", "", "audit_events 1, order_deliveries 1, order_lines 1, orders 1" },
        { "orders", "somebody", "customer orders.read orders.write orders.refund", "", "" },

        // Who sold a line sees the order of it.
        { "orders", $"seller of {Alice}", "seller orders.read orders.write", "", "order_deliveries 1, order_lines 1, orders 1" },

        // A role alone is not enough, and neither is a scope alone.
        { "orders", "somebody", "support orders.read", "", "" },
        { "orders", "somebody", "customer orders.admin", "", "" },
        { "orders", "somebody", "support orders.admin", "", "order_deliveries 2, order_lines 2, orders 2" },
        { "orders", "somebody", "admin orders.admin", "", "order_deliveries 2, order_lines 2, orders 2" },
        { "orders", "somebody", "support orders.refund", "", "order_lines 2, orders 2, refunds 2" },
        { "orders", "somebody", "customer orders.refund", "", "" },
        { "orders", "", "", "watching", "order_lines 2, orders 2" },
        { "orders", "", "", "reconciling", "order_lines 2, orders 2, refunds 2" },
        { "orders", "", "", "payments", "development_movements 2" },
        { "orders", "", "", "sealing", "data_keys 2" },
        { "orders", "", "", "audit", "audit_events 2" },
        { "orders", "", "", "personal-data", "order_deliveries 2, order_lines 2, orders 2, refunds 2" },
        { "orders", "", "personal.answer", "", "" },
        { "orders", "", "", "sign-in", "" },
        { "identity", "", "", "", "" },
        { "identity", Alice, "", "", "api_keys 1, audit_events 1, authenticators 1, authorizations 1, data_keys 1, grants 1, personal_parts 1, personal_requests 1, recovery_codes 1, sessions 1, tokens 1, user_claims 1, user_logins 1, user_passkeys 1, user_roles 1, user_tokens 1, users 1" },
        { "identity", "", "admin", "", "" },
        { "identity", "", "", "audit", "audit_events 2" },
        { "identity", "", "", "mail", "mails 2" },
        { "identity", "", "", "sealing", "data_keys 2" },
        { "identity", "", "", "watching", "" },
        { "identity", "", "", "reconciling", "" },
        { "identity", "", "", "tokens", "api_keys 2, authorizations 2, data_keys 2, grants 2, sessions 2, tokens 2, user_roles 2, users 2" },
        { "identity", "", "", "tidying", "authenticators 2, authorizations 2, data_keys 2, grants 2, personal_parts 2, personal_requests 2, sessions 2, tokens 2, user_roles 2, users 2" },
        { "identity", "", "personal.answer", "", "personal_parts 2, personal_requests 2" },
        { "identity", "", "", "personal-data", "" },
        { "identity", "", "", "erasure", "authorizations 2, data_keys 2, grants 2, personal_parts 2, personal_requests 2, sessions 2, tokens 2, user_roles 2, users 2" },
        { "identity", "", "", "administration", "api_keys 2, audit_events 2, authorizations 2, data_keys 2, grants 2, sessions 2, tokens 2, user_roles 2, users 2" },
        { "identity", "", "", "sign-in", "api_keys 2, authenticators 2, authorizations 2, data_keys 2, grants 2, recovery_codes 2, sessions 2, tokens 2, user_claims 2, user_logins 2, user_passkeys 2, user_roles 2, user_tokens 2, users 2" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_table_forces_it_or_says_why_there_is_nobodys_data_in_it(string service)
    {
        var rules = Schemas.All.Single(schema => schema.Name == service).Rules;
        Assert.All(rules.Where(rule => rule.Open is not null), rule => Assert.True(rule.Open!.Length > 20, rule.Table));
        Assert.Equal(
            rules.Where(rule => rule.Open is null).Select(rule => rule.Table).Order(StringComparer.Ordinal),
            await Setup.ReadAsync<string[]>(
                rows.Admin,
                $"select array_agg(relname::text order by relname::text collate \"C\") from pg_class where relnamespace = '{service}'::regnamespace and relkind in ('r', 'p') and relrowsecurity and relforcerowsecurity"));
        Assert.Equal(
            rules.Select(rule => rule.Table).Order(StringComparer.Ordinal),
            await Setup.ReadAsync<string[]>(
                rows.Admin,
                $"select array_agg(relname::text order by relname::text collate \"C\") from pg_class where relnamespace = '{service}'::regnamespace and relkind in ('r', 'p') and left(relname, 2) <> '__'"));
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Each_sees_what_is_theirs_and_no_more(string service, string subject, string rights, string task, string seen)
        => Assert.Equal(seen, await rows.SeenAsync(service, subject, rights, task));

    [Fact]
    public void Every_task_is_looked_at()
        => Assert.Equal(
            DatabaseTask.All.Select(task => task.Name).Order(StringComparer.Ordinal),
            Views().Select(row => row.Data.Item4).Where(task => task.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Owned))]
    public async Task Nobody_reads_changes_or_removes_what_is_anothers(string service, string table, string column, string rights)
    {
        var bobs = $"{service}.{table} where {column} = '{Bob}'";
        foreach (var (subject, has) in (IEnumerable<(string, string)>)[(Alice, rights), ("", rights), ("", ""), ("%", rights)])
        {
            if (service == "identity" && subject == "%")
                continue;
            Assert.Equal(0L, await rows.AsAsync(service, $"select count(*) from {bobs}", subject, has));
            Assert.Equal(0, await rows.AsAsync(service, $"update {bobs.Replace(" where", $" set {column} = {column} where", StringComparison.Ordinal)}", subject, has));
            Assert.Equal(0, await rows.AsAsync(service, $"delete from {bobs}", subject, has));
        }

        // As its owner it is there.
        Assert.Equal(1L, await rows.AsAsync(service, $"select count(*) from {bobs}", Bob, rights));
    }

    [Theory]
    [InlineData("orders", "update orders.orders set customer_id = '" + Bob + "' where customer_id = '" + Alice + "'", "customer orders.write")]
    [InlineData("orders", "insert into orders.orders (id, customer_id, idempotency_key, request_hash, payment_method, created_at, state) values (gen_random_uuid(), '" + Bob + "', 'y', '\\x01', 'pm_ok', now(), 'rejected')", "customer orders.write")]
    [InlineData("orders", "insert into orders.order_lines (order_id, product_id, position, quantity) values ('" + Bob + "', gen_random_uuid(), 1, 1)", "customer orders.write")]
    [InlineData("orders", "insert into orders.audit_waiting (mark, at, event_id, event_name) values (gen_random_uuid(), now(), 5050, 'x')", "customer orders.read")]
    [InlineData("orders", "insert into orders.audit_waiting (mark, at, event_id, event_name) values (gen_random_uuid(), now(), 5050, 'x')", "support orders.admin")]
    [InlineData("catalog", "update catalog.products set seller_id = '" + Bob + "' where seller_id = '" + Alice + "'", "seller catalog.write")]
    [InlineData("catalog", "insert into catalog.products (id, seller_id, name, description, category_id, price, currency, published, created_at, updated_at) values (gen_random_uuid(), '" + Bob + "', 'x', 'x', 'toys', 1, 'EUR', false, now(), now())", "seller catalog.write")]
    [InlineData("catalog", "insert into catalog.reservations (order_id, created_at, expires_at) values (gen_random_uuid(), now(), now())", "admin seller catalog.read catalog.write")]
    [InlineData("identity", "update identity.sessions set user_id = '" + Bob + "' where user_id = '" + Alice + "'", "")]
    [InlineData("identity", "insert into identity.recovery_codes values ('" + Bob + "', '\\x02')", "")]
    [InlineData("identity", "insert into identity.user_roles values ('" + Alice + "', '01990000-0000-7000-8000-000000000004')", "")]
    [InlineData("identity", "insert into identity.audit_events (mark, at, event_id, event_name, subject) values (gen_random_uuid(), now(), 4001, 'x', '" + Alice + "')", "")]
    public async Task Nobody_gives_away_or_makes_what_is_anothers(string service, string statement, string rights)
        => Assert.Equal(Denied, (await Assert.ThrowsAsync<PostgresException>(() => rows.AsAsync(service, statement, Alice, rights))).SqlState);

    [Fact]
    public async Task Who_may_can()
    {
        Assert.Equal(1, await rows.AsAsync("orders", $"update orders.orders set payment_method = 'pm_x' where id = '{Alice}'", Alice, "customer orders.write"));
        Assert.Equal(2, await rows.AsAsync("orders", "update orders.orders set payment_method = 'pm_x'", task: "reconciling"));
        Assert.Equal(2, await rows.AsAsync("orders", "update orders.orders set payment_method = 'pm_x'", "somebody", "support orders.refund"));
        Assert.Equal(1, await rows.AsAsync("orders", "update orders.orders set payment_method = 'pm_x'", $"seller of {Alice}", "seller orders.write"));
        Assert.Equal(1, await rows.AsAsync("orders", "update orders.order_lines set shipped_at = now()", $"seller of {Alice}", "seller orders.write"));
        Assert.Equal(1, await rows.AsAsync("orders", $"insert into orders.order_lines (order_id, product_id, position, quantity) values ('{Alice}', gen_random_uuid(), 1, 1)", Alice, "customer orders.write"));
        Assert.Equal(1, await rows.AsAsync("catalog", $"update catalog.stock set quantity = 2 where product_id = '{Alice}'", Alice, "seller catalog.write"));
        Assert.Equal(1, await rows.AsAsync("catalog", $"update catalog.stock set quantity = 2 where product_id = '{Alice}'", "somebody", "admin catalog.write"));
        Assert.Equal(1, await rows.AsAsync("catalog", $"update catalog.stock set quantity = 0 where product_id = '{Alice}'", rights: "catalog.reserve"));
        Assert.Equal(1, await rows.AsAsync("catalog", $"delete from catalog.products where id = '{Alice}'", Alice, "seller catalog.write"));
        Assert.Equal(1, await rows.AsAsync("identity", $"delete from identity.sessions where user_id = '{Alice}'", Alice));
        Assert.Equal(1, await rows.AsAsync("identity", "insert into identity.mails (id, content, created_at, next_attempt_at, attempts) values (gen_random_uuid(), '\\x01', now(), now(), 0)", Alice));
        Assert.Equal(1, await rows.AsAsync("identity", "insert into identity.audit_events (mark, at, event_id, event_name) values (gen_random_uuid(), now(), 4001, 'x')", task: "audit"));
        Assert.Equal(2, await rows.AsAsync("identity", "update identity.personal_parts set state = 'Done', answered_at = now()", rights: "personal.answer"));
        Assert.Equal(1, await rows.AsAsync("identity", "delete from identity.personal_requests", Alice));
        Assert.Equal(2, await rows.AsAsync("orders", "update orders.orders set payment_method = 'pm_x'", task: "personal-data"));

        // Whoever changes an order keeps what became of it, or could not.
        const string Kept = "insert into orders.audit_waiting (mark, at, event_id, event_name) values (gen_random_uuid(), now(), 5050, 'x')";
        Assert.Equal(1, await rows.AsAsync("orders", Kept, Alice, "customer orders.write"));
        Assert.Equal(1, await rows.AsAsync("orders", Kept, "somebody", "support orders.refund"));
        Assert.Equal(1, await rows.AsAsync("orders", Kept, $"seller of {Alice}", "seller orders.write"));
        Assert.Equal(1, await rows.AsAsync("orders", Kept, task: "reconciling"));
        Assert.Equal(1, await rows.AsAsync("orders", Kept, task: "personal-data"));
    }

    [Theory]

    // To read orders is no right to change them, and staff read only.
    [InlineData("orders", "update orders.orders set payment_method = 'pm_x'", Alice, "customer orders.read")]
    [InlineData("orders", "update orders.orders set payment_method = 'pm_x'", "somebody", "support orders.admin orders.read")]
    [InlineData("orders", "update orders.orders set payment_method = 'pm_x'", "", "")]
    [InlineData("orders", "delete from orders.orders", Alice, "customer orders.write")]
    [InlineData("catalog", "update catalog.stock set quantity = 0", Alice, "seller catalog.read")]
    [InlineData("catalog", "update catalog.products set price = 1", "", "catalog.reserve")]
    [InlineData("catalog", "delete from catalog.stock", "", "catalog.reserve")]
    [InlineData("catalog", "delete from catalog.stock", Alice, "seller catalog.read")]
    [InlineData("catalog", "update catalog.stock set quantity = 0", "", "")]
    [InlineData("catalog", "delete from catalog.products", "", "catalog.reserve")]
    [InlineData("identity", "delete from identity.users", Alice, "")]

    // What was asked nobody changes, and only services answer.
    [InlineData("identity", "update identity.personal_requests set kind = 'Erase'", Alice, "")]
    [InlineData("identity", "update identity.personal_requests set subject = subject", "", "personal.answer")]
    [InlineData("identity", "delete from identity.personal_requests", "", "personal.answer")]
    [InlineData("identity", "update identity.personal_parts set state = 'Done', answered_at = now()", Alice, "")]
    public async Task What_is_seen_is_not_yet_changed(string service, string statement, string subject, string rights)
        => Assert.Equal(0, await rows.AsAsync(service, statement, subject, rights));

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_service_cannot_get_out_of_it(string service)
    {
        var app = Setup.As(rows.Admin, $"{service}_app");
        var table = $"{service}.{Schemas.All.Single(schema => schema.Name == service).Rules[0].Table}";
        foreach (var statement in (string[])
        [
            $"alter table {table} disable row level security",
            $"alter table {table} no force row level security",
            $"create policy mine on {table} using (true)",
            $"alter policy app_reads on {table} using (true)",
            $"drop policy app_reads on {table}",
            $"alter table {table} owner to {service}_app",
            $"alter role {service}_app bypassrls",
            $"set role {service}_migrator",
            $"set session authorization {service}_migrator",
            "set session_replication_role = replica",
            $"create function {service}.mine() returns int language sql security definer as 'select 1'",

            // Refused, where it would have to leave rows out.
            $"set row_security = off; select * from {table}",
        ])
        {
            var error = await Setup.ErrorAsync(app, statement);
            Assert.True(error is Denied, $"{error ?? "allowed"}: {statement}");
        }
    }

    [Fact]
    public async Task The_owner_is_under_it_too()
    {
        Assert.Null(await Setup.ErrorAsync(
            rows.Admin,
            """
            begin; drop policy owner_migrates on orders.orders; set local role orders_migrator;
            do $$ begin if exists (select from orders.orders) then raise exception 'seen'; end if; end $$; rollback
            """));
    }

    [Fact]
    public async Task The_public_view_shows_what_is_published_without_what_is_private_and_is_read_only()
    {
        Assert.Null(await Setup.ErrorAsync(rows.Admin, "update catalog.products set cost = 1, supplier = 'x' where cost is null"));
        Assert.Equal(0L, await rows.AsAsync("catalog", $"select count(*) from catalog.published_products where seller_id in ('{Alice}', '{Bob}') or not published", Alice, "admin seller catalog.write"));
        Assert.True((long)(await rows.AsAsync("catalog", "select count(*) from catalog.published_products"))! > 500);
        foreach (var column in (string[])["cost", "supplier"])
            Assert.Equal(PostgresErrorCodes.UndefinedColumn, await Setup.ErrorAsync(Setup.As(rows.Admin, "catalog_app"), $"select {column} from catalog.published_products"));
        foreach (var statement in (string[])["update catalog.published_products set price = 1", "delete from catalog.published_products", "insert into catalog.published_products (id) values (gen_random_uuid())"])
            Assert.Equal(Denied, await Setup.ErrorAsync(Setup.As(rows.Admin, "catalog_app"), statement));
    }

    [Fact]
    public async Task Searches_of_guests_go_by_their_index()
    {
        // With sequential scans made dear the index is taken where it may be: under a policy it may not.
        const string Plan = "set enable_seqscan = off; explain select id from {0} where search @@ to_tsquery('english', 'lamp')";
        Assert.Contains("ix_products_search", await PlanAsync(Plan.Replace("{0}", "catalog.published_products", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("ix_products_search", await PlanAsync(Plan.Replace("{0}", "catalog.products", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alter table orders.orders disable row level security")]
    [InlineData("alter table orders.orders no force row level security")]
    [InlineData("drop policy app_reads on orders.orders")]
    [InlineData("alter policy app_reads on orders.orders using (true)")]
    [InlineData("create policy a_back_door on orders.orders using (true)")]
    [InlineData("alter table orders.orders disable row level security; grant select on orders.orders to public")]
    public async Task What_was_changed_by_hand_is_put_back(string change)
    {
        Assert.Null(await Setup.ErrorAsync(rows.Admin, change));
        Assert.Contains("orders: row-level security is set on 1 table(s)", await Setup.RunAsync(rows.Admin), StringComparison.Ordinal);
        Assert.Equal("", await rows.SeenAsync("orders"));
        Assert.Equal("audit_events 1, order_deliveries 1, order_lines 1, orders 1", await rows.SeenAsync("orders", Alice, "customer orders.read"));

        // And what is as it should be is left alone.
        Assert.DoesNotContain("row-level security", await Setup.RunAsync(rows.Admin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_without_a_rule_stops_the_job()
    {
        Assert.Null(await Setup.ErrorAsync(rows.Admin, "create table catalog.forgotten (id int); alter table catalog.forgotten owner to catalog_migrator"));
        try
        {
            Assert.Contains("catalog.forgotten has no rule", (await Assert.ThrowsAsync<JobException>(() => Setup.RunAsync(rows.Admin))).Message, StringComparison.Ordinal);
        }
        finally
        {
            await Setup.ErrorAsync(rows.Admin, "drop table catalog.forgotten");
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The tests' own statements.")]
    private async Task<string> PlanAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Setup.As(rows.Admin, "catalog_app"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var lines = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> plan = [];
        while (await lines.ReadAsync(TestContext.Current.CancellationToken))
            plan.Add(lines.GetString(0));
        return string.Join('\n', plan);
    }
}
