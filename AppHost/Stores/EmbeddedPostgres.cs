using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>Declares an embedded Postgres, and does what is to be done before and after each of its starts.</summary>
internal static partial class EmbeddedPostgres
{
    // DCP ends a program by SIGTERM, upon which Postgres waits for its clients: SIGINT has it throw them out. Should this
    // shell be killed, the kernel (where setpriv can ask it to) sends SIGINT.
    private const string FastStop = """
        $(setpriv --pdeathsig INT -- true 2>/dev/null && echo setpriv --pdeathsig INT --) "$@" & server=$!
        trap 'asked=1; kill -INT "$server"' TERM INT
        wait "$server"; code=$?
        [ -z "$asked" ] || { wait "$server"; code=$?; }
        exit "$code"
        """;

    public static IResourceBuilder<EmbeddedPostgresResource> AddEmbeddedPostgres(
        this IDistributedApplicationBuilder builder, string name, string folder, PostgresBinaries binaries, IResourceBuilder<ParameterResource> password)
    {
        // env takes the variables away that are meant for another Postgres.
        string[] command =
        [
            .. AccountChange.To(ServerAccount.Current), "env", .. PostgresServer.Environment.Keys.SelectMany(variable => (string[])["-u", variable]),
            "sh", "-c", FastStop, "postgres", binaries.Server, "-D", folder,
        ];
        var resource = new EmbeddedPostgresResource(name, command[0], folder, binaries, password.Resource);
        builder.Services.AddHealthChecks().AddAsyncCheck(name, cancellation => CheckAsync(resource, cancellation));
        return builder.AddResource(resource)
            .WithArgs(command[1..])
            // Without a port Aspire chooses one that stays for this run; without its proxy the server sees it directly.
            .WithEndpoint(name: "tcp", scheme: "tcp", isProxied: false)
            .WithHealthCheck(name)
            .WithIconName("DatabaseMultiple")
            .OnBeforeResourceStarted((_, started, cancellation) => PrepareAsync(resource, started.Services, cancellation));
    }

    public static IResourceBuilder<EmbeddedDatabaseResource> AddDatabase(this IResourceBuilder<EmbeddedPostgresResource> server, string name)
    {
        var database = new EmbeddedDatabaseResource(name, server.Resource);
        server.OnResourceReady(async (_, ready, cancellation) =>
        {
            await CreateAsync(database, cancellation);
            await PublishAsync(ready.Services, KnownResourceStates.Running);
        });
        server.OnResourceStopped((_, stopped, _) => PublishAsync(stopped.Services, KnownResourceStates.Exited));
        return server.ApplicationBuilder.AddResource(database).WithIconName("Database");

        Task PublishAsync(IServiceProvider services, string state) =>
            services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(database, snapshot => snapshot with { State = state });
    }

    // Before every start, a restart from the dashboard included.
    private static async Task PrepareAsync(EmbeddedPostgresResource postgres, IServiceProvider services, CancellationToken cancellation)
    {
        var log = services.GetRequiredService<ResourceLoggerService>().GetLogger(postgres);
        var options = new PostgresOptions
        {
            DataDirectory = postgres.DataFolder,
            Password = (await postgres.Password.GetValueAsync(cancellation))!,
            Certificate = services.GetRequiredService<CertificateFiles>(),
        };
        if (PostgresCluster.VersionOf(postgres.DataFolder) is null)
            await PostgresCluster.InitialiseAsync(postgres.Binaries, options, line => Said(log, line), cancellation);
        PostgresCluster.Configure(options, postgres.Endpoint.Port);
    }

    private static Task<HealthCheckResult> CheckAsync(EmbeddedPostgresResource postgres, CancellationToken cancellation) => Patience.UntilHealthyAsync(
        async () =>
        {
            await using var connection = new NpgsqlConnection($"{await postgres.ConnectionStringExpression.GetValueAsync(cancellation)};Pooling=false;Timeout=5");
            try
            {
                await connection.OpenAsync(cancellation);
            }
            catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                throw new SetupException($"The data in {postgres.DataFolder} has another password than the one on file or set. Give it that one, or start over with --fresh.", problem);
            }

            await using var query = new NpgsqlCommand("SELECT 1", connection);
            await query.ExecuteScalarAsync(cancellation);
        },
        cancellation);

    [SuppressMessage("Security", "CA2100", Justification = "A name cannot be a parameter; quoted by Npgsql it cannot be anything but a name.")]
    private static async Task CreateAsync(EmbeddedDatabaseResource database, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection($"{await database.Parent.ConnectionStringExpression.GetValueAsync(cancellation)};Pooling=false");
        await connection.OpenAsync(cancellation);
        using var quoting = new NpgsqlCommandBuilder();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {quoting.QuoteIdentifier(database.Name)}", connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // Since an earlier run.
        }
    }

    [LoggerMessage(LogLevel.Information, "{Line}")]
    private static partial void Said(ILogger log, string line);
}
