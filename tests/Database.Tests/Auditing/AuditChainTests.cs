using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SecureShop.Orders.Data;
using SecureShop.Storage.Audit;

namespace SecureShop.Database.Tests.Auditing;

/// <summary>How the chain comes about: several writers at once, answers that are lost, writers that die, and rows from before.</summary>
[Trait("Practice", "P33")]
public sealed class AuditChainTests(TrailFixture trail, ReadyDatabase ready) : IClassFixture<TrailFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_that_write_at_once_make_one_chain_without_gaps()
    {
        var admin = await trail.CopyAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Replica.WriteAsync(admin, "orders", trail.Keys["orders"], 500), Cancelled)));

        Assert.Equal(TrailFixture.Rows + 2_000, await Setup.ReadAsync<long>(admin, "select max(id) from orders.audit_events"));
        var (code, said) = await trail.VerifyAsync(admin, "--schema", "orders");
        Assert.True(code == 0, said);
        Assert.Contains("orders: 2,040 rows, one chain", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_whose_answer_was_lost_are_not_written_twice()
    {
        var admin = await trail.CopyAsync();
        var rows = Rows(10);
        await using var database = Context(admin);
        Assert.Equal(44, (await AuditInsert.RunAsync(database, rows[..4], Cancelled)).Row);

        // The writer comes again, with what else has happened; and once more with nothing new.
        var place = await AuditInsert.RunAsync(database, rows, Cancelled);
        Assert.Equal(50, place.Row);
        var again = await AuditInsert.RunAsync(database, rows, Cancelled);
        Assert.Equal(place.Row, again.Row);
        Assert.Equal(place.Hash, again.Hash);
        Assert.Equal(rows.Select(row => row.Mark), await database.Set<AuditRow>().Where(row => row.Id > 40).OrderBy(row => row.Id).Select(row => row.Mark).ToListAsync(Cancelled));
        Assert.Equal(0, (await trail.VerifyAsync(admin)).Code);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_writer_that_is_killed_half_way_leaves_nothing_or_all_and_the_next_try_writes_each_row_once()
    {
        var admin = await trail.CopyAsync();
        await using var blocker = new NpgsqlConnection(admin);
        await blocker.OpenAsync(Cancelled);
        await using (var transaction = await blocker.BeginTransactionAsync(Cancelled))
        {
            // Another writer has the chain, for longer than this one lives.
            await RunAsync(blocker, "insert into orders.audit_events (mark, at, event_id, event_name) values (gen_random_uuid(), now(), 5001, 'First')");
            await using var replica = await Replica.StartAsync(admin, "orders", trail.Keys["orders"]);
            for (var number = 0; number < 30; number++)
                replica.Record(number);
            await UntilAsync(admin, "select count(*) > 0 from pg_stat_activity where usename = 'orders_app' and datname = current_database() and wait_event_type = 'Lock'");
            await RunAsync(blocker, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'orders_app' and datname = current_database()");
            await transaction.CommitAsync(Cancelled);
        }

        Assert.Equal(71, await Setup.ReadAsync<long>(admin, "select count(*) from orders.audit_events"));
        var (code, said) = await trail.VerifyAsync(admin);
        Assert.True(code == 0, said);
    }

    [Fact]
    public async Task A_row_that_Postgres_refuses_takes_no_other_along()
    {
        var admin = await trail.CopyAsync();
        Assert.Null(await Setup.ErrorAsync(admin, "alter table orders.audit_events add constraint ck_test check (status is distinct from 413) not valid"));
        await Replica.WriteAsync(admin, "orders", trail.Keys["orders"], 30);
        Assert.Equal(29, await Setup.ReadAsync<long>(admin, "select count(*) from orders.audit_events where id > 40"));
        Assert.Equal(0, (await trail.VerifyAsync(admin)).Code);
    }

    [Fact]
    [Trait("Practice", "P13")]
    public async Task The_services_role_chooses_neither_place_nor_hash()
    {
        var admin = await trail.CopyAsync();
        var app = Setup.As(admin, "orders_app");
        Assert.Null(await Setup.ErrorAsync(
            app, "set shop.task = 'audit'; insert into orders.audit_events (id, hash, mark, at, event_id, event_name) values (999, decode(repeat('ff', 33), 'hex'), gen_random_uuid(), now(), 5001, 'x')"));
        Assert.Equal(41, await Setup.ReadAsync<long>(admin, "select max(id) from orders.audit_events"));
        Assert.Equal(0, (await trail.VerifyAsync(admin)).Code);
        foreach (var statement in (string[])
        [
            "alter table orders.audit_events disable trigger audit_chain",
            "drop trigger audit_chain on orders.audit_events",
            "set session_replication_role = replica",
            "create or replace function orders.audit_hash(previous bytea, entry orders.audit_events) returns bytea language sql as 'select previous'",
            "select orders.audit_hash(null, row) from orders.audit_events row",
            "alter table orders.audit_events no force row level security",
        ])
        {
            var error = await Setup.ErrorAsync(app, statement);
            Assert.True(error is PostgresErrorCodes.InsufficientPrivilege, $"{error ?? "allowed"}: {statement}");
        }
    }

    [Fact]
    public async Task Rows_from_before_are_numbered_anew_and_chained_as_they_are()
    {
        var admin = Setup.Unpooled(await ready.Server.CreateDatabaseAsync());
        await using (var connection = new NpgsqlConnection(admin))
        {
            await connection.OpenAsync(Cancelled);
            await RolesStep.RunAsync(connection, Schemas.All, _ => Setup.Password, Cancelled);
            var identity = Schemas.All.Single(schema => schema.Name == "identity");
            await using (await TakenRole.TakeAsync(connection, identity.Migrator, Cancelled))
            {
                await using var context = identity.OpenContext(connection);
                await context.Database.MigrateAsync("20261127033939_Accounts", Cancelled);
                await RunAsync(connection, """
                    insert into identity.audit_events (id, mark, at, event_id, event_name, subject, details) overriding system value
                    select number * 3, gen_random_uuid(), now(), 4001, 'SignedIn', 'somebody-' || number, case when number % 2 = 0 then '{"b": 1,   "a": 2}'::jsonb end
                    from generate_series(1, 20) number
                    """);
            }
        }

        await Setup.RunAsync(admin);
        await Replica.WriteAsync(admin, "identity", trail.Keys["identity"], 5);
        string[] args = ["--schema", "identity", "--without-checkpoints"];
        var (code, said) = await TrailFixture.VerifyAsync(admin, trail.Keys, args);
        Assert.True(code == 0, said);
        Assert.Contains("identity: 25 rows, one chain", said, StringComparison.Ordinal);
        Assert.Equal("somebody-7", await Setup.ReadAsync<string>(admin, "select subject from identity.audit_events where id = 7"));

        Assert.Null(await Setup.ErrorAsync(admin, "update identity.audit_events set subject = 'x' where id = 7"));
        Assert.Contains("row 7 does not fit", (await TrailFixture.VerifyAsync(admin, trail.Keys, args)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_checkpoint_is_in_the_log_too()
    {
        var admin = await trail.CopyAsync();
        var replica = await Replica.StartAsync(admin, "catalog", trail.Keys["catalog"]);
        replica.Record(1);
        await replica.DisposeAsync();
        var signed = Assert.Single(replica.Log.All, one => one.Name == "AuditSigned");
        Assert.Equal(("catalog", "41"), (signed["Schema"], signed["Row"]));
        var (code, said) = await TrailFixture.VerifyAsync(admin, trail.Keys, "--schema", "catalog", "--checkpoint", signed["Checkpoint"]!);
        Assert.True(code == 0, said);
        Assert.Contains("1 checkpoints, the last on ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_kept_is_kept_later()
    {
        var admin = await trail.CopyAsync();
        var folder = Directory.CreateTempSubdirectory("secureshop-audit-");
        try
        {
            var file = Path.Combine(folder.FullName, "orders.checkpoints");
            await using (var replica = await Replica.StartAsync(admin, "orders", trail.Keys["orders"], folder.FullName))
            {
                // Another replica has the file.
                await using (new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.None))
                {
                    replica.Record(1);
                    while (!replica.Log.All.Any(one => one.Name == "AuditNotKept"))
                        await Task.Delay(50, Cancelled);
                }
            }

            Assert.Single(await File.ReadAllLinesAsync(file, Cancelled));
            var (code, said) = await TrailFixture.VerifyAsync(admin, trail.Keys, "--schema", "orders", "--checkpoints", file);
            Assert.True(code == 0, said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void No_two_rows_have_one_encoding()
    {
        byte[] a = [1], b = [2];
        byte[][] hashes =
        [
            AuditChain.Hash("s", 1, null, [a, b]), AuditChain.Hash("s", 1, null, [[1, 2], []]), AuditChain.Hash("s", 1, null, [[], [1, 2]]), AuditChain.Hash("s", 1, null, [a, b, null]),
            AuditChain.Hash("s", 1, null, [null, a, b]), AuditChain.Hash("s", 2, null, [a, b]), AuditChain.Hash("t", 1, null, [a, b]), AuditChain.Hash("s", 1, [], [a, b]), AuditChain.Hash("s", 1, a, [b]),
        ];
        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
        Assert.All(hashes, hash => Assert.Equal((AuditChain.Length, AuditChain.Format), (hash.Length, hash[0])));
    }

    private static List<AuditRow> Rows(int count) => [.. Enumerable.Range(0, count).Select(number => new AuditRow
    {
        Mark = Guid.CreateVersion7(),
        At = DateTimeOffset.UnixEpoch.AddSeconds(number),
        EventId = 5001,
        EventName = "Happened",
    })];

    private static OrdersDbContext Context(string admin)
        => new(new DbContextOptionsBuilder<OrdersDbContext>().UseNpgsql(admin).UseSnakeCaseNamingConvention().Options);

    [SuppressMessage("Security", "CA2100", Justification = "The tests' own statements.")]
    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task UntilAsync(string admin, string sql)
    {
        while (!await Setup.ReadAsync<bool>(admin, sql))
            await Task.Delay(50, Cancelled);
    }
}
