using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.Identity.Tokens;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Who people are is sealed, by a key of each, for its own place; found by a hash under a key that is in no database.</summary>
[Trait("Practice", "P21")]
public sealed class SealedAccountTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dump_shows_nobodys_name_or_address()
    {
        var from = $"203.0.113.{RandomNumberGenerator.GetInt32(1, 255)}";
        using var browser = host.Browse(from);
        var (name, renamed) = (Canary(), Canary());
        var (email, wanted) = ($"{Canary()}@people.example", $"{Canary()}@people.example");
        await browser.RegisterAndConfirmAsync(email, name: name);
        await browser.LoginAsync(email, "not the password at all");
        await browser.TokensAsync(email);
        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync("/account", ("DisplayName", renamed))).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync("/account/email", ("Address", wanted))).Status);
        Assert.Contains(renamed, (await browser.GetAsync("/account")).Body, StringComparison.Ordinal);

        var dump = await DatabaseDump.OfAsync(host.Database, Cancelled);
        Assert.Contains((await FindAsync(email)).Id.ToString(), dump, StringComparison.Ordinal);
        foreach (var canary in (string[])[name, renamed, email.Split('@')[0], wanted.Split('@')[0], email.ToUpperInvariant(), "people.example"])
            Assert.False(DatabaseDump.Shows(dump, canary), canary);

        // From where they came the session says to them alone; events know the network.
        Assert.Contains(from, (await browser.GetAsync("/account/sessions")).Body, StringComparison.Ordinal);
        Assert.False(DatabaseDump.Shows(dump, from));

        // Nor what would open it, or find it.
        foreach (var key in (string[])[IdentityHost.MasterKey, IdentityHost.LookupKey])
        {
            Assert.False(DatabaseDump.Shows(dump, key));
            Assert.DoesNotContain(Convert.ToHexString(Convert.FromBase64String(key)), dump, StringComparison.OrdinalIgnoreCase);
        }

        // A plain hash of the address could be tried out.
        Assert.DoesNotContain(Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(email.ToUpperInvariant()))), dump, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(IdentityHost.HashOf(email), dump, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("email = (select email from identity.users where id = {1})")]
    [InlineData("email = display_name")]
    [InlineData("display_name = email")]
    [InlineData("display_name = (select display_name from identity.users where id = {1})")]
    [InlineData("display_name = set_byte(display_name, 20, 255 - get_byte(display_name, 20))")]
    public async Task What_is_moved_or_changed_opens_for_nobody(string change)
    {
        using var browser = host.Browse();
        var (victim, other) = (await FindAsync(await browser.NewPersonAsync()), await FindAsync(await browser.NewPersonAsync()));
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(victim.Email!)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);

        // Whoever may write to the table past the service.
        await ExecuteAsync($"update identity.users set {change} where id = {{0}}", victim.Id, other.Id);
        await AssertBrokenAsync(browser, victim.Id, other.Email!);
        using var others = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await others.LoginAsync(other.Email!)).Status);
        Assert.Equal(HttpStatusCode.OK, (await others.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task The_key_of_another_opens_nothing_and_none_hangs_on_another_row()
    {
        using var browser = host.Browse();
        var (victim, other) = (await FindAsync(await browser.NewPersonAsync()), await FindAsync(await browser.NewPersonAsync()));
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(victim.Email!)).Status);
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ExecuteAsync("update identity.users set key_owner = {1} where id = {0}", victim.Id, $"{other.Id}"));
        Assert.Equal("ck_users_key_owner", refused.ConstraintName);

        await ExecuteAsync(
            "update identity.data_keys set (wrapped, master_key) = (select wrapped, master_key from identity.data_keys where owner_id = {1}) where owner_id = {0}", $"{victim.Id}", $"{other.Id}");
        await AssertBrokenAsync(browser, victim.Id, other.Email!);
    }

    [Fact]
    [Trait("Practice", "P36")]
    public async Task Who_is_erased_is_read_by_nobody_even_from_a_copy_of_the_row()
    {
        using var browser = host.Browse();
        var user = await FindAsync(await browser.NewPersonAsync());
        var (email, name, hash) = (user.SealedEmail, user.SealedName, Convert.FromHexString(user.NormalizedEmail!));
        Assert.NotNull(name);
        await browser.LoginAsync(user.Email!);
        Assert.Contains("Your account is erased", (await browser.SubmitAsync("/account/data", "/account/data?handler=Erase", ("Email", user.Email))).Body, StringComparison.Ordinal);

        await using var context = IdentityHost.Context(host.Database);
        var owner = user.Id.ToString();
        var key = await context.Set<DataKey>().AsNoTracking().SingleAsync(one => one.OwnerId == owner, Cancelled);
        Assert.Null(key.Wrapped);
        Assert.NotNull(key.DestroyedAt);
        await ExecuteAsync("update identity.users set email = {1}, display_name = {2}, email_hash = {3}, key_owner = id::text where id = {0}", user.Id, email!, name, hash);
        var put = await context.Users.AsNoTracking().SingleAsync(one => one.Id == user.Id, Cancelled);
        Assert.Throws<BrokenSealException>(() => put.Email);

        // Nor does anything that comes late bring a key back.
        await ExecuteAsync("update identity.users set email = null, display_name = null, email_hash = null, key_owner = null where id = {0}", user.Id);
        var late = await context.Users.SingleAsync(one => one.Id == user.Id, Cancelled);
        (late.Email, late.DisplayName) = (user.Email, "Late");
        await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync(Cancelled));
    }

    [Fact]
    public async Task A_new_master_key_takes_over_while_people_are_signed_in_and_the_old_one_can_go()
    {
        var (first, second) = (NewKey(), NewKey());
        var database = await IdentityHost.MigratedAsync(postgres);
        string email;
        await using (var before = await IdentityHost.StartOnAsync(database, ("Sealing:MasterKeys:0", first)))
        {
            using var browser = before.Browse();
            email = await browser.NewPersonAsync();
        }

        await using (var both = await IdentityHost.StartOnAsync(database, ("Sealing:MasterKeys:0", second), ("Sealing:MasterKeys:1", first)))
        {
            using var browser = both.Browse();
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
            var masters = both.Services.GetRequiredService<MasterKeys>();
            await using var context = IdentityHost.Context(database);
            while (await context.Set<DataKey>().AnyAsync(key => key.MasterKey != masters.Current, Cancelled))
                await Task.Delay(50, Cancelled);
            Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync("/account", ("DisplayName", "Renamed meanwhile"))).Status);
        }

        await using var after = await IdentityHost.StartOnAsync(database, ("Sealing:MasterKeys:0", second));
        using var later = after.Browse();
        Assert.Equal(HttpStatusCode.Found, (await later.LoginAsync(email)).Status);
        var page = (await later.GetAsync("/account")).Body;
        Assert.Contains("Renamed meanwhile", page, StringComparison.Ordinal);
        Assert.Contains(email, page, StringComparison.Ordinal);
    }

    /// <summary>The page that saves a whole account must not give its key the wrapping back that it had when the account was read.</summary>
    [Fact]
    public async Task Saving_an_account_leaves_its_key_alone()
    {
        using var browser = host.Browse();
        var user = await FindAsync(await browser.NewPersonAsync());
        await using var context = IdentityHost.Context(host.Database);
        var read = await context.Users.SingleAsync(one => one.Id == user.Id, Cancelled);
        var owner = user.Id.ToString();
        await ExecuteAsync("update identity.data_keys set wrapped = set_byte(wrapped, 0, 2), master_key = 'feedfacefeedface' where owner_id = {0}", owner);
        context.Update(read);
        read.DisplayName = "Somebody else";
        await context.SaveChangesAsync(Cancelled);
        await using var again = IdentityHost.Context(host.Database);
        var kept = await again.Set<DataKey>().AsNoTracking().SingleAsync(key => key.OwnerId == owner, Cancelled);
        Assert.Equal((2, "feedfacefeedface"), (kept.Wrapped![0], kept.MasterKey));

        // It was saved all the same.
        await ExecuteAsync("update identity.data_keys set wrapped = set_byte(wrapped, 0, 1), master_key = {1} where owner_id = {0}", owner, read.Key!.MasterKey!);
        Assert.Equal("Somebody else", (await FindAsync(user.Email!)).DisplayName);
    }

    [Fact]
    public async Task Another_lookup_key_stops_the_start_and_so_does_none()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        await using (var first = await IdentityHost.StartOnAsync(database))
        {
            using var browser = first.Browse();
            await browser.NewPersonAsync();
        }

        foreach (var (key, message) in ((string?, string)[])[(NewKey(), "Set Sealing__LookupKey back"), (null, "Set Sealing__LookupKey to"), ("c2hvcnQ=", "Set Sealing__LookupKey to")])
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => IdentityHost.StartOnAsync(database, ("Sealing:LookupKey", key)));
            Assert.Contains(message, failure.ToString(), StringComparison.Ordinal);
            Assert.True(key is null || !failure.ToString().Contains(key, StringComparison.Ordinal));
        }

        await (await IdentityHost.StartOnAsync(database)).DisposeAsync();
    }

    [Fact]
    public async Task Who_a_token_is_about_is_read_with_their_key_by_one_statement()
    {
        using var browser = host.Browse();
        var user = await FindAsync(await browser.NewPersonAsync());
        using var source = new ActivitySource("statements of a test");
        var statements = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = from => from.Name is "Npgsql" || ReferenceEquals(from, source),
            Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        using (DatabaseTask.Tokens.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var subjects = scope.ServiceProvider.GetRequiredService<TokenSubjects>();
            ActivitySource.AddActivityListener(listener);
            using var whole = source.StartActivity("whole")!;
            listener.ActivityStopped = one => statements += one.TraceId == whole.TraceId && one != whole ? 1 : 0;
            var found = await subjects.FindAsync(user.Id.ToString(), Acr.SingleFactor);
            Assert.Equal((user.Email, "Test Person"), (found!.Email, found.Name));
        }

        Assert.Equal(1, statements);
    }

    private static string Canary() => $"kanari{Guid.NewGuid():N}";

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private async Task AssertBrokenAsync(Browser browser, Guid victim, string foreign)
    {
        var page = await browser.GetAsync("/account");
        Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
        Assert.DoesNotContain(foreign, page.Body, StringComparison.Ordinal);
        Assert.Contains(host.Events.All, one => one.Name == "SealRefused" && one["Subject"] == victim.ToString());
    }

    private async Task<ShopUser> FindAsync(string email)
    {
        await using var context = IdentityHost.Context(host.Database);
        return await context.Users.AsNoTracking().SingleAsync(user => user.NormalizedEmail == IdentityHost.HashOf(email), Cancelled);
    }

    private async Task ExecuteAsync(string text, params object[] values)
    {
        await using var context = IdentityHost.Context(host.Database);
        await context.Database.ExecuteSqlAsync(FormattableStringFactory.Create(text, values), Cancelled);
    }
}
