using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql;
using SecureShop.Storage.Audit;

namespace SecureShop.Bench.Audit;

/// <summary>One table of security events, with the chain or without, and how long it took to write to it.</summary>
internal sealed class Trail(string connection, bool chained)
{
    private readonly List<double> perRow = [];

    /// <summary>Microseconds a row, of each round.</summary>
    public IReadOnlyList<double> PerRow => perRow;

    private string Schema => chained ? "chained" : "plain";

    /// <summary>Makes the table as migrations do; without the chain Postgres counts the rows and keeps the same bytes.</summary>
    public async Task CreateAsync()
    {
        await using var context = Context();
        await RunAsync(context.Database.GenerateCreateScript());
        if (!chained)
        {
            await RunAsync("alter table plain.audit_events alter id add generated always as identity, alter hash set default decode(repeat('01', 33), 'hex')");
            return;
        }

        var migration = new MigrationBuilder(activeProvider: null);
        migration.ChainAudit(Schema);
        foreach (var step in migration.Operations.OfType<SqlOperation>())
            await RunAsync(step.Sql);
    }

    /// <summary>Writes by the service's own statement: <paramref name="writers"/> at once, each <paramref name="batches"/> times <paramref name="size"/> rows.</summary>
    public async Task RunAsync(int writers, int batches, int size)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            await using var context = Context();
            for (var batch = 0; batch < batches; batch++)
                await AuditInsert.RunAsync(context, Rows(size), CancellationToken.None);
        })));
        perRow.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / (writers * batches * size));
    }

    public void Forget() => perRow.Clear();

    private static List<AuditRow> Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => new AuditRow
    {
        Mark = Guid.CreateVersion7(),
        At = DateTimeOffset.UnixEpoch,
        EventId = 4002,
        EventName = "SignInFailed",
        Reason = "wrong_password",
        Subject = "0199f3c2-6a3e-7c11-9d53-2f6f0d1b7a10",
        Network = "192.0.2.0/24",
        Method = "POST",
        Route = "/account/login",
        Status = 200,
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        Details = """{"Kind":"password"}""",
    })];

    private DbContext Context() => chained
        ? new ChainedContext(Options<ChainedContext>())
        : new PlainContext(Options<PlainContext>());

    private DbContextOptions<T> Options<T>()
        where T : DbContext
        => new DbContextOptionsBuilder<T>().UseNpgsql(connection).UseSnakeCaseNamingConvention().Options;

    private async Task RunAsync(string sql)
    {
        await using var context = Context();
        await context.Database.OpenConnectionAsync();
        await using var batch = ((NpgsqlConnection)context.Database.GetDbConnection()).CreateCommand();
#pragma warning disable CA2100 // The model's own script.
        batch.CommandText = sql;
#pragma warning restore CA2100
        await batch.ExecuteNonQueryAsync();
    }

    private sealed class ChainedContext(DbContextOptions<ChainedContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.HasDefaultSchema("chained").MapAudit();
    }

    private sealed class PlainContext(DbContextOptions<PlainContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.HasDefaultSchema("plain").MapAudit();
    }
}
