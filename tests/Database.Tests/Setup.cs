using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Npgsql;
using SecureShop.Testing;

// Roles belong to the whole server, so two jobs on two of its databases would meet there.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(SecureShop.Database.Tests.ReadyDatabase))]

namespace SecureShop.Database.Tests;

/// <summary>Runs the job, and looks at what it left.</summary>
internal static class Setup
{
    public const string Password = "a-password-of-the-tests";

    private static readonly string MasterKey = Deployment.SealingKey.Generate();
    private static readonly string LookupKey = Deployment.SealingKey.Generate();

    public static Dictionary<string, string?> Settings(string admin, string password = Password)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:shop"] = admin };
        foreach (var schema in Schemas.All)
            settings[$"Roles:{schema.App}"] = password;
        (settings["Seed:Sealing:MasterKeys:0"], settings["Seed:Sealing:LookupKey"]) = (MasterKey, LookupKey);
        return settings;
    }

    public static Task<string> RunAsync(string admin, string password = Password, params (string Setting, string Value)[] demo)
    {
        var settings = Settings(admin, password);
        foreach (var (setting, value) in demo)
            settings[setting.StartsWith("Seed:", StringComparison.Ordinal) ? setting : $"Seed:Users:{setting}"] = value;
        return RunAsync(settings);
    }

    public static async Task<string> RunAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using var output = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        await new Job(new JobSettings(configuration), TimeProvider.System, output).RunAsync(TestContext.Current.CancellationToken);
        return output.ToString();
    }

    public static string As(string admin, string role, string password = Password) => new NpgsqlConnectionStringBuilder(admin)
    {
        Username = role,
        Password = password,
        Pooling = false,
    }.ConnectionString;

    /// <summary>Leaves no connection behind, so that the database can be copied.</summary>
    public static string Unpooled(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    public static async Task<T> ReadAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return await Sql.ScalarAsync<T>(connection, sql, [], TestContext.Current.CancellationToken);
    }

    /// <summary>The error that a statement ends with; null when it works.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The tests' own statements.")]
    public static async Task<string?> ErrorAsync(string connectionString, string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            return null;
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
    }
}

/// <summary>A server with one database that the job has made ready.</summary>
public sealed class ReadyDatabase : IAsyncLifetime
{
    public PostgresFixture Server { get; } = new();

    public string Admin { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Admin = await Server.CreateDatabaseAsync();
        await Setup.RunAsync(Admin);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
