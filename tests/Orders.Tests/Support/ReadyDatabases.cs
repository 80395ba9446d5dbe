using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Npgsql;
using SecureShop.Database;

namespace SecureShop.Testing;

/// <summary>
/// Databases as the Database job leaves them, with its roles and row-level security: made once a server, because roles belong to the
/// whole of it, and copied for whoever wants one.
/// </summary>
internal static class ReadyDatabases
{
    private const string Password = "a-password-of-the-tests";

    private static readonly ConditionalWeakTable<PostgresFixture, Lazy<Task<string>>> Templates = [];

    /// <summary>A new one: the superuser's connection string, under whom no policy is.</summary>
    public static async Task<string> CreateAsync(PostgresFixture postgres)
        => await postgres.CreateDatabaseAsync(await Templates.GetValue(postgres, server => new(() => MakeAsync(server))).Value);

    /// <summary>The connection string of a service's own role.</summary>
    public static string As(string admin, string role) => new NpgsqlConnectionStringBuilder(admin) { Username = role, Password = Password }.ConnectionString;

    [SuppressMessage("Security", "CA2100", Justification = "The names are constants.")]
    private static async Task<string> MakeAsync(PostgresFixture postgres)
    {
        var admin = await postgres.CreateDatabaseAsync();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:shop"] = admin };
        foreach (var schema in Schemas.All)
            settings[$"Roles:{schema.App}"] = Password;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        await new Job(new JobSettings(configuration), TimeProvider.System, TextWriter.Null).RunAsync(CancellationToken.None);

        await using (var connection = new NpgsqlConnection(admin))
        {
            await connection.OpenAsync(CancellationToken.None);
            foreach (var schema in Schemas.All)
            {
                // There are as many hosts as tests that run at once, each with a pool of its own.
                await using var command = new NpgsqlCommand($"alter role {schema.App} connection limit -1", connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }

            // Postgres copies only what nobody is connected to.
            NpgsqlConnection.ClearPool(connection);
        }

        return admin;
    }
}
