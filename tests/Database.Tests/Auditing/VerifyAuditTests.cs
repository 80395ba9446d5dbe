using System.Buffers.Text;
using SecureShop.Database.Auditing;
using SecureShop.Storage.Audit;
using SecureShop.Testing;

namespace SecureShop.Database.Tests.Auditing;

/// <summary>What a superuser does to the trail, and what is found of it.</summary>
[Trait("Practice", "P33")]
public sealed class VerifyAuditTests(TrailFixture trail) : IClassFixture<TrailFixture>
{
    // Whoever owns the server need not fire triggers.
    private const string Quietly = "set session_replication_role = replica; ";

    private const string Rewrite = """
        do $$ declare entry orders.audit_events; previous bytea := (select hash from orders.audit_events where id = 16);
        begin
            for entry in select * from orders.audit_events where id > 16 order by id loop
                previous := orders.audit_hash(previous, entry);
                update orders.audit_events set hash = previous where id = entry.id;
            end loop;
        end $$;
        """;

    [Theory]
    [InlineData("update orders.audit_events set subject = 'somebody-else' where id = 18", "row 18 does not fit")]
    [InlineData("update orders.audit_events set event_id = 5999 where id = 1", "row 1 does not fit")]
    [InlineData("update orders.audit_events set at = at + interval '1 microsecond' where id = 40", "row 40 does not fit")]
    [InlineData("update orders.audit_events set details = '{}' where id = 18", "row 18 does not fit")]
    [InlineData("update orders.audit_events set reason = '' where id = 17", "row 17 does not fit")]
    [InlineData("update orders.audit_events set actor = subject, subject = null where id = 18", "row 18 does not fit")]
    [InlineData("update orders.audit_events set mark = gen_random_uuid() where id = 18", "row 18 does not fit")]
    [InlineData("update orders.audit_events set hash = (select hash from orders.audit_events where id = 17) where id = 18", "row 18 does not fit")]
    [InlineData("delete from orders.audit_events where id = 18", "row 18 is missing: the next one there is 19")]
    [InlineData("delete from orders.audit_events where id <= 3", "row 1 is missing: the next one there is 4")]
    [InlineData("delete from orders.audit_events where id = 18; update orders.audit_events set id = id - 1 where id > 18", "row 18 does not fit")]
    [InlineData("update orders.audit_events set id = -1 where id = 18; update orders.audit_events set id = 18 where id = 19; update orders.audit_events set id = 19 where id = -1", "row 18 does not fit")]
    [InlineData("update orders.audit_events set id = 0 where id = 40", "there is a row 0 that is none of the chain")]
    [InlineData("update orders.audit_events set id = id + 1000 where id >= 18; update orders.audit_events set id = id - 999 where id > 1000; insert into orders.audit_events (id, mark, at, event_id, event_name, hash) select 18, gen_random_uuid(), at, 5001, 'Invented', hash from orders.audit_events where id = 17", "row 18 does not fit")]
    [InlineData("delete from orders.audit_events where id > 35", "row 36 is missing, and all behind it: on ")]
    [InlineData("truncate orders.audit_events", "row 1 is missing, and all behind it: on ")]
    [InlineData("drop table orders.audit_events cascade", "There is no table audit_events")]
    [InlineData("update orders.audit_events set subject = 'somebody-else' where id = 18; " + Rewrite, "row 20 is not the row that was signed on ")]
    [InlineData("delete from orders.audit_events where id = 18; update orders.audit_events set id = id - 1 where id > 18; " + Rewrite, "row 20 is not the row that was signed on ")]
    public async Task What_a_superuser_did_is_found_and_the_first_bad_row_named(string sql, string found)
    {
        var admin = await trail.CopyAsync();
        var (code, said) = await trail.VerifyAsync(admin);
        Assert.True(code == 0, said);
        Assert.Contains("orders: 40 rows, one chain; 2 checkpoints, the last on ", said, StringComparison.Ordinal);

        Assert.Null(await Setup.ErrorAsync(admin, Quietly + sql));
        (code, said) = await trail.VerifyAsync(admin);
        Assert.Equal(3, code);
        Assert.Contains(found, Line(said, "orders"), StringComparison.Ordinal);
        Assert.Contains("docs/database.md", said, StringComparison.Ordinal);

        // And nothing was said of the others.
        Assert.Contains("identity: 40 rows, one chain", said, StringComparison.Ordinal);
        Assert.Contains("catalog: 40 rows, one chain", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_one_chain_fit_nowhere_in_another()
    {
        var admin = await trail.CopyAsync();
        Assert.Null(await Setup.ErrorAsync(admin, Quietly + "truncate catalog.audit_events; insert into catalog.audit_events select * from orders.audit_events"));
        var (code, said) = await trail.VerifyAsync(admin, "--schema", "catalog");
        Assert.Equal(3, code);
        Assert.Contains("catalog: CHANGED. In audit_events, row 1 does not fit", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_checkpoints_an_end_that_was_cut_off_does_not_show_and_that_is_said()
    {
        var admin = await trail.CopyAsync();
        Assert.Null(await Setup.ErrorAsync(admin, Quietly + "delete from orders.audit_events where id > 35"));
        var (code, said) = await TrailFixture.VerifyAsync(admin, new Dictionary<string, string>(StringComparer.Ordinal), "--without-checkpoints");
        Assert.Equal(0, code);
        Assert.Contains("orders: 35 rows, one chain.", said, StringComparison.Ordinal);
        Assert.Contains("were not looked at", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_checkpoint_of_the_log_is_enough_to_find_the_end()
    {
        var admin = await trail.CopyAsync();
        var line = (await File.ReadAllLinesAsync(Path.Combine(trail.Checkpoints, "orders.checkpoints"), TestContext.Current.CancellationToken))[^1];
        string[] args = ["--schema", "orders", "--checkpoint", $"2026-11-27 info: The audit trail of orders is signed up to row 40: {line} (more)"];
        var (code, said) = await TrailFixture.VerifyAsync(admin, trail.Keys, args);
        Assert.True(code == 0, said);
        Assert.Null(await Setup.ErrorAsync(admin, Quietly + "delete from orders.audit_events where id = 40"));
        (code, said) = await TrailFixture.VerifyAsync(admin, trail.Keys, args);
        Assert.Equal(3, code);
        Assert.Contains("row 40 is missing", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_is_believed_by_its_services_key_alone()
    {
        var admin = await trail.CopyAsync();
        var line = (await File.ReadAllLinesAsync(Path.Combine(trail.Checkpoints, "orders.checkpoints"), TestContext.Current.CancellationToken))[^1];

        // Whoever cut the end off would like to have signed the new one.
        Assert.Null(await Setup.ErrorAsync(admin, Quietly + "delete from orders.audit_events where id > 35"));
        var hash = await Setup.ReadAsync<byte[]>(admin, "select hash from orders.audit_events where id = 35");
        Assert.Equal(0, (await VerifyAsync(Sign(trail.Keys["orders"]))).Code);
        foreach (var (forged, why) in ((string, string)[])
        [
            (Sign(TestKeys.NewPrivate()), "signed by a key that was not given"),
            (Sign(trail.Keys["catalog"]), "signed by a key that was not given"),
            ($"{line.Split('.')[0]}.{Sign(trail.Keys["orders"]).Split('.')[1]}.{line.Split('.')[2]}", "false signature"),
        ])
        {
            var (code, said) = await VerifyAsync(forged);
            Assert.Equal(3, code);
            Assert.Contains(why, said, StringComparison.Ordinal);
        }

        // One that says that it needs no signature is none.
        var unsigned = $"{Base64Url.EncodeToString("""{"alg":"none","typ":"audit-checkpoint","kid":"x"}"""u8)}.{line.Split('.')[1]}.{line.Split('.')[2]}";
        Assert.Contains("no checkpoint of it was given", (await VerifyAsync(unsigned)).Said, StringComparison.Ordinal);

        Task<(int Code, string Said)> VerifyAsync(string text) => TrailFixture.VerifyAsync(admin, trail.Keys, "--schema", "orders", "--checkpoint", text);

        string Sign(string with)
        {
            using var key = CheckpointKey.Private(with);
            return CheckpointText.Sign(new("orders", 35, hash, DateTimeOffset.UnixEpoch), key);
        }
    }

    [Fact]
    public async Task A_new_key_goes_on_where_the_earlier_one_ended_and_both_are_needed()
    {
        var admin = await trail.CopyAsync();
        var folder = Directory.CreateTempSubdirectory("secureshop-audit-");
        try
        {
            File.Copy(Path.Combine(trail.Checkpoints, "orders.checkpoints"), Path.Combine(folder.FullName, "orders.checkpoints"));
            var next = TestKeys.NewPrivate();
            await Replica.WriteAsync(admin, "orders", next, 5, folder.FullName);
            string[] args = ["--schema", "orders", "--checkpoints", folder.FullName];

            var (code, said) = await TrailFixture.VerifyAsync(admin, With($"{next} {trail.Keys["orders"]}"), args);
            Assert.True(code == 0, said);
            Assert.Contains("orders: 45 rows, one chain; ", said, StringComparison.Ordinal);
            (code, said) = await TrailFixture.VerifyAsync(admin, With(next), args);
            Assert.Equal(3, code);
            Assert.Contains("an earlier one of orders", said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static Dictionary<string, string> With(string keys) => new(StringComparer.Ordinal) { ["orders"] = keys };
    }

    [Theory]
    [InlineData("Say where the checkpoints are")]
    [InlineData("neither a file nor a folder", "--checkpoints", "/nowhere/at/all")]
    [InlineData("It is one of identity, catalog, orders", "--schema", "public; drop table orders")]
    [InlineData("needs a value behind it", "--schema")]
    [InlineData("no public key", "--checkpoint", "x", "--key", "orders=bm8ga2V5")]
    [InlineData("--key takes SCHEMA=KEY", "--checkpoint", "x", "--key", "orders")]
    [InlineData("set Audit__Keys__orders", "--checkpoint", "x", "--schema", "orders")]
    [InlineData("--help", "--everything")]
    public async Task A_wrong_command_line_says_what_to_write_instead(string mend, params string[] args)
    {
        var wrong = await Assert.ThrowsAsync<UsageException>(() => TrailFixture.VerifyAsync("Host=nowhere", new Dictionary<string, string>(StringComparer.Ordinal), args));
        Assert.Contains(mend, wrong.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Help_lists_what_there_is()
    {
        var (code, said) = await TrailFixture.VerifyAsync("Host=nowhere", new Dictionary<string, string>(StringComparer.Ordinal), "--help");
        Assert.Equal(0, code);
        foreach (var option in (string[])["--schema", "--checkpoints", "--checkpoint", "--without-checkpoints", "--key"])
            Assert.Contains($"{option} ", said, StringComparison.Ordinal);
    }

    private static string Line(string said, string schema) => said.Split(Environment.NewLine).Single(line => line.StartsWith($"{schema}: ", StringComparison.Ordinal));
}
