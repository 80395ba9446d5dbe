using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Audit;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>What becomes of security events in the table.</summary>
[Trait("Practice", "P33")]
public sealed class AuditTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;
    private long lost;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_event_is_a_row_before_its_request_is_answered_and_in_order()
    {
        using var browser = host.Browse("192.0.2.77");
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email, "not the password at all");
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);

        // No waiting here: the answers are there, so the rows are.
        var subject = host.Events.All.Last(one => one.Name == "SignedIn")["Subject"]!;
        var rows = await RowsAsync(host.Database, subject);
        Assert.Equal(["SignInFailed", "SignedIn"], rows.TakeLast(2).Select(row => row.EventName));
        Assert.Equal([4002, 4001], rows.TakeLast(2).Select(row => row.EventId));

        var failed = rows[^2];
        Assert.Equal(("wrong_password", "POST", "/account/login", 200), (failed.Reason, failed.Method, failed.Route, failed.Status));
        Assert.Equal("192.0.2.0/24", failed.Network);
        Assert.Matches("^[0-9a-f]{32}$", failed.TraceId);
        Assert.Null(failed.Actor);
        Assert.Equal(Told(host, subject), rows.Select(row => $"{row.EventName} {row.Reason}"));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task No_row_says_a_name_an_address_or_a_secret()
    {
        using var browser = host.Browse("2001:db8:1:2::3");
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        await browser.SubmitAsync("/account/keys", ("Name", "Unspeakable name"), ("Scope", "orders.read"), ("Days", "90"));

        await using var database = IdentityHost.Context(host.Database);
        var dump = string.Join(' ', await database.Database.SqlQuery<string>($"select row::text as \"Value\" from identity.audit_events row").ToListAsync(Cancelled));
        Assert.Contains("2001:db8:1::/48", dump, StringComparison.Ordinal);
        Assert.Contains("ApiKeyMade", dump, StringComparison.Ordinal);
        foreach (var text in (string[])[email, email.Split('@')[0], "Test Person", "Unspeakable", "sk_shop_", "2001:db8:1:2", Browser.Password])
            Assert.DoesNotContain(text, dump, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_table_has_what_the_log_has_and_who_did_it()
    {
        using var browser = host.Browse("203.0.113.99");
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        await browser.SubmitAsync("/account/keys", ("Name", "Key"), ("Scope", "orders.read"), ("Days", "90"));
        var subject = host.Events.From("203.0.113.99")[^1]["Subject"]!;
        var rows = await RowsAsync(host.Database, subject);
        Assert.Equal(Told(host, subject), rows.Select(row => $"{row.EventName} {row.Reason}"));
        Assert.Equal("ApiKeyMade", rows[^1].EventName);
        Assert.Equal(subject, rows[^1].Actor);
        Assert.Contains("\"Key\"", rows[^1].Details, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task While_the_table_takes_no_rows_they_wait_and_none_is_lost()
    {
        await using var own = await IdentityHost.StartAsync(postgres);
        using var browser = own.Browse();
        var email = await browser.NewPersonAsync();
        await using var database = IdentityHost.Context(own.Database);

        await using (var blocker = new NpgsqlConnection(own.Database))
        {
            await blocker.OpenAsync(Cancelled);
            await using var transaction = await blocker.BeginTransactionAsync(Cancelled);
            await using var command = new NpgsqlCommand("lock table identity.audit_events in access exclusive mode", blocker, transaction);
            await command.ExecuteNonQueryAsync(Cancelled);

            // The request waits, for a while only.
            var started = TimeProvider.System.GetTimestamp();
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
            Assert.True(TimeProvider.System.GetElapsedTime(started) >= AuditQueue.Patience);
            await transaction.RollbackAsync(Cancelled);
        }

        // Ordered behind the row that waited.
        await browser.LoginAsync(email);
        var subject = own.Events.All.Last(one => one.Name == "SignedIn")["Subject"]!;
        var rows = await RowsAsync(own.Database, subject);
        Assert.Equal(["SignedIn", "SignedIn"], rows.TakeLast(2).Select(row => row.EventName));
        Assert.Equal(Told(own, subject), rows.Select(row => $"{row.EventName} {row.Reason}"));
        Assert.DoesNotContain(own.Events.All, one => one.Name == "AuditLost");
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_full_queue_lets_the_request_go_on_and_the_loss_is_counted()
    {
        var queue = new AuditQueue(TimeProvider.System, 4000, 4999);
        for (var row = 0; row < AuditQueue.Capacity; row++)
            queue.Record(Event(4001), context: null);
        Assert.Equal(0, queue.TakeLost());

        // Three find no room in time, one finds it because a row leaves.
        for (var row = 0; row < 4; row++)
            queue.Record(Event(4008), context: null);
        Assert.True(queue.Rows.TryRead(out var first));
        Assert.Equal(4001, first.Row.EventId);
        await Until(() => Interlocked.Read(ref lost) == 3, () => Interlocked.Add(ref lost, queue.TakeLost()));

        var kept = 0;
        while (queue.Rows.TryRead(out var entry))
            kept += entry.Row.EventId == 4008 ? 1 : 0;
        Assert.Equal(1, kept);
    }

    [Fact]
    public void What_is_not_Identitys_is_not_kept_but_how_much_was_left_out_is()
    {
        var queue = new AuditQueue(TimeProvider.System, 4000, 4999);
        foreach (var id in (int[])[1001, 1004, 2001, 3999, 5000])
            queue.Record(Event(id), context: null);
        Assert.False(queue.Rows.TryRead(out _));
        queue.Record(Event(1009), context: null);
        Assert.True(queue.Rows.TryRead(out _));
    }

    [Fact]
    public void Facts_that_Postgres_would_refuse_or_that_are_too_long_are_mended()
    {
        var row = AuditRows.From<AuditRow>(new(new(4022, "GrantRefused"), [new("Client", "a\0b\ud800c" + new string('x', 500)), new("More", "q\0\u0007" + new string('y', 500))]), null, DateTimeOffset.UnixEpoch);
        Assert.Equal("ab\ufffdc", row.Client![..4]);
        Assert.Equal(AuditRow.TextLength, row.Client.Length);
        Assert.InRange(row.Details!.Length, AuditRow.TextLength, AuditRow.TextLength + 20);
        Assert.DoesNotContain("u0000", row.Details, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_stop_writes_what_is_queued_first()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        await using (var own = await IdentityHost.StartOnAsync(database))
        {
            var log = own.Services.GetRequiredService<ISecurityEventSink>();
            for (var row = 0; row < 1_000; row++)
                log.Record(new(new(4008, "SignedOut"), [new("Subject", "somebody")]), context: null);
        }

        Assert.Equal(1_000, (await RowsAsync(database, "somebody")).Count);
    }

    private static SecurityEvent Event(int id) => new(new(id, "Name"), []);

    private static IEnumerable<string> Told(IdentityHost host, string subject)
        => host.Events.All.Where(one => one["Subject"] == subject && one.Id is >= 4000 and <= 4099 and not 4010).Select(one => $"{one.Name} {one["Reason"]}");

    private static async Task Until(Func<bool> done, Action look)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
            look();
        while (!done() && await timer.WaitForNextTickAsync(patience.Token));
    }

    // Without 4010: these hosts have no Redis.
    private static async Task<List<AuditRow>> RowsAsync(string database, string subject)
    {
        await using var context = IdentityHost.Context(database);
        return await context.Set<AuditRow>().AsNoTracking().Where(row => row.Subject == subject && row.EventId != 4010).OrderBy(row => row.Id).ToListAsync(Cancelled);
    }
}
