using Npgsql;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Support;

/// <summary>The database as its administrator: reads what it keeps secret, and breaks what a journey wants broken.</summary>
internal sealed class AdminDatabase(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(Verified(connectionString));

    public string ConnectionString => Verified(connectionString);

    /// <summary>Hashes, grants and sealed keys.</summary>
    public async Task RememberKeptAsync(SecretLedger ledger)
    {
        await using var command = source.CreateCommand("""
            SELECT 'the hash of an e-mail address', encode(email_hash, 'hex') FROM identity.users UNION ALL
            SELECT 'a password hash', password_hash FROM identity.users UNION ALL
            SELECT 'a security stamp', security_stamp FROM identity.users UNION ALL
            SELECT 'a grant''s key', key FROM identity.grants UNION ALL
            SELECT 'a grant', data FROM identity.grants UNION ALL
            SELECT 'a sealed signing key', data FROM identity.signing_keys UNION ALL
            SELECT 'an element of the key ring', xml FROM identity.data_protection_keys
            """);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (!await reader.IsDBNullAsync(1, TestContext.Current.CancellationToken))
                ledger.Remember($"{reader.GetString(0)} of the database", reader.GetString(1));
        }
    }

    /// <summary>Whether the audit trail of a schema has an event about somebody.</summary>
    public async Task<bool> HasEventAsync(string schema, string name, string subject, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"SELECT EXISTS (SELECT FROM {schema}.audit_events WHERE event_name = $1 AND subject = $2)");
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = subject });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Every statement on the table fails while the work goes on.</summary>
    public async Task WithoutTableAsync(string schema, string table, Func<Task> work)
    {
        await RunAsync($"ALTER TABLE {schema}.{table} RENAME TO {table}_away");
        try
        {
            await work();
        }
        finally
        {
            await RunAsync($"ALTER TABLE {schema}.{table}_away RENAME TO {table}");
        }
    }

    /// <summary>Cuts every service's connections, as a failover does.</summary>
    public Task CutConnectionsAsync() => RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%\\_app'");

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static string Verified(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { SslMode = SslMode.VerifyFull }.ConnectionString;

    private async Task RunAsync(string statement)
    {
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
