using Npgsql;
using SecureShop.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace SecureShop.AppHost.Tests.Servers;

public sealed class PostgresServerTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Practice", "P20")]
    public async Task A_verified_connection_with_the_password_works_and_is_encrypted()
    {
        await using var connection = new NpgsqlConnection(await postgres.CreateDatabaseAsync());
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl", connection);
        Assert.StartsWith("TLSv1.", (string?)await command.ExecuteScalarAsync(Cancellation), StringComparison.Ordinal);
    }
}
