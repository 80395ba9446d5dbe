using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace SecureShop.Database.Tests;

/// <summary>A database in which two people have a row in every table that has people's rows.</summary>
public sealed class PeoplesRows(ReadyDatabase ready) : IAsyncLifetime
{
    public const string Alice = "0199a000-0000-7000-8000-00000000000a";
    public const string Bob = "0199a000-0000-7000-8000-00000000000b";

    private const string Rows =
        """
        insert into identity.data_keys (owner_id, wrapped, master_key, created_at) values ('{0}', decode(repeat('01', 61), 'hex'), '0123456789abcdef', now());
        insert into identity.users (id, created_at, email, email_hash, display_name, key_owner, email_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            select '{0}', now(), sealed, sha256(convert_to('{0}', 'UTF8')), sealed, '{0}', false, true, true, 0 from (select decode(repeat('01', 40), 'hex') as sealed) as value;
        insert into identity.user_roles values ('{0}', '01990000-0000-7000-8000-000000000001');
        insert into identity.user_claims (user_id, claim_type) values ('{0}', 'x');
        insert into identity.user_logins (login_provider, provider_key, user_id) values ('x', '{0}', '{0}');
        insert into identity.user_tokens (user_id, login_provider, name) values ('{0}', 'x', 'x');
        insert into identity.authenticators values ('{0}', '\x01', now(), now(), 0);
        insert into identity.recovery_codes values ('{0}', '\x01');
        insert into identity.user_passkeys (credential_id, user_id, data) values (convert_to('{0}', 'UTF8'), '{0}', '{}');
        insert into identity.sessions (id, key_hash, user_id, stamp, created_at, last_seen_at, expires_at, device, methods, ticket)
            values (left('{0}', 8) || right('{0}', 12), sha256(convert_to('{0}', 'UTF8')), '{0}', 'x', now(), now(), now(), 'x', '{}', '\x01');
        insert into identity.authorizations (id, subject, status) values ('{0}', '{0}', 'valid');
        insert into identity.tokens (id, subject, authorization_id) values ('{0}', '{0}', '{0}');
        insert into identity.grants (key, type, client_id, subject_id, created_at, data) values ('{0}', 'x', 'x', '{0}', now(), '');
        insert into identity.api_keys (id, user_id, name, shown, hash, scopes, created_at, expires_at)
            values ('{0}', '{0}', 'x', 'x', sha256(convert_to('{0}', 'UTF8')), '{}', now(), now());
        insert into identity.personal_requests values ('{0}', '{0}', 'Export', now());
        insert into identity.personal_parts (request_id, service, state) values ('{0}', 'orders', 'Open');
        insert into identity.mails (id, content, created_at, next_attempt_at, attempts) values ('{0}', '\x01', now(), now(), 0);
        insert into identity.audit_events (mark, at, event_id, event_name, subject) values ('{0}', now(), 4001, 'x', '{0}');
        insert into catalog.products (id, seller_id, name, description, category_id, price, currency, published, created_at, updated_at)
            values ('{0}', '{0}', 'x', 'x', 'toys', 1, 'EUR', false, now(), now());
        insert into catalog.stock values ('{0}', '{0}', 1, now());
        insert into catalog.reservations (order_id, created_at, expires_at) values ('{0}', now(), now());
        insert into catalog.reservation_lines values ('{0}', 0, '{0}', 'x', '{0}', 1, 1, 'EUR');
        insert into catalog.audit_events (mark, at, event_id, event_name, subject) values ('{0}', now(), 3001, 'x', '{0}');
        insert into orders.outbox_messages (id, kind, subject, created_at, next_attempt_at, attempts, failures) values ('{0}', 'reserve', '{0}', now(), now(), 0, 0);
        insert into orders.orders (id, customer_id, idempotency_key, request_hash, payment_method, created_at, state, step_id)
            values ('{0}', '{0}', 'x', '\x01', 'pm_ok', now(), 'pending', '{0}');
        insert into orders.order_lines (order_id, product_id, position, quantity, seller_id) values ('{0}', '{0}', 0, 1, 'seller of {0}');
        insert into orders.order_deliveries (order_id, recipient, street, postal_code, city, country)
            select '{0}', sealed, sealed, sealed, sealed, sealed from (select decode(repeat('01', 40), 'hex') as sealed) as value;
        insert into orders.refunds (id, order_id, idempotency_key, amount, actor, created_at, state) values ('{0}', '{0}', 'x', 1, 'x', now(), 'Done');
        insert into orders.data_keys (owner_id, created_at, destroyed_at) values ('{0}', now(), now());
        insert into orders.development_movements (payment, key, kind, method, amount, currency, at) values ('{0}', 'x', 'x', 'x', 1, 'EUR', now());
        insert into orders.audit_events (mark, at, event_id, event_name, subject) values ('{0}', now(), 5001, 'x', '{0}');
        insert into orders.audit_waiting (mark, at, event_id, event_name, subject) values ('{0}', now(), 5050, 'x', '{0}');
        """;

    /// <summary>The superuser's connection string, under whom no policy is.</summary>
    public string Admin { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Admin = await ready.Server.CreateDatabaseAsync();
        await Setup.RunAsync(Admin);
        foreach (var person in (string[])[Alice, Bob])
            Assert.Null(await Setup.ErrorAsync(Admin, Rows.Replace("{0}", person, StringComparison.Ordinal)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Of each table of a schema with row-level security, how many of the two people's rows somebody sees; tables of which they see none are left out.</summary>
    internal async Task<string> SeenAsync(string schema, string subject = "", string rights = "", string task = "")
    {
        List<string> seen = [];
        foreach (var rule in Schemas.All.Single(one => one.Name == schema).Rules.Where(rule => rule.Open is null))
        {
            // The seeded products are other people's.
            var ours = rule.Table is "products" or "stock" ? $"where seller_id in ('{Alice}', '{Bob}')" : "";
            var count = await AsAsync(schema, $"select count(*) from {schema}.{rule.Table} {ours}", subject, rights, task);
            if (count is > 0L)
                seen.Add($"{rule.Table} {count}");
        }

        return string.Join(", ", seen.Order(StringComparer.Ordinal));
    }

    /// <summary>What a statement of the service's own role answers, for a caller; or how many rows it changed. All of it is undone.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The tests' own statements.")]
    internal async Task<object?> AsAsync(string schema, string sql, string subject = "", string rights = "", string task = "")
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = new NpgsqlConnection(Setup.As(Admin, $"{schema}_app"));
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var settings = new NpgsqlCommand("select set_config('shop.subject', $1, true), set_config('shop.rights', $2, true), set_config('shop.task', $3, true)", connection))
        {
            foreach (var value in (string[])[subject, rights, task])
                settings.Parameters.Add(new() { Value = value });
            await settings.ExecuteNonQueryAsync(cancellation);
        }

        await using var command = new NpgsqlCommand(sql, connection);
        return sql.StartsWith("select", StringComparison.Ordinal) ? await command.ExecuteScalarAsync(cancellation) : await command.ExecuteNonQueryAsync(cancellation);
    }
}
