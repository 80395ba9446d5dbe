using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Npgsql;
using SecureShop.Database;
using SecureShop.Identity.Tests.Support;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Accounts from before names and addresses were sealed: none is lost, none is anybody else's, and nothing of them stays in clear.</summary>
[Trait("Practice", "P21")]
public sealed class UnsealedAccountsTests(PostgresFixture postgres)
{
    private const string Name = "Zebulon Quackenbush";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Practice", "P09")]
    public async Task An_account_is_sealed_and_found_by_every_spelling_of_its_address()
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        using var browser = host.Browse();
        await AsBeforeAsync(host, browser, "jose\u0301@people.example", "violet kettle marathon");
        var clear = await DatabaseDump.OfAsync(host.Database, Cancelled);
        Assert.All((string[])[Name, "people.example"], text => Assert.True(DatabaseDump.Shows(clear, text)));

        Assert.Equal((1, 0), await RunAsync(host));
        foreach (var spelling in (string[])["jose\u0301@people.example", "jos\u00e9@people.example", "\uff2aOS\u00c9@people.example"])
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(spelling, "violet kettle marathon")).Status);
        Assert.Contains(Name, (await browser.GetAsync("/account")).Body, StringComparison.Ordinal);

        // Nothing is left of it in clear, and no column to have it in.
        var dump = await DatabaseDump.OfAsync(host.Database, Cancelled);
        Assert.All((string[])[Name, "people.example"], text => Assert.False(DatabaseDump.Shows(dump, text)));
        await using (var context = IdentityHost.Context(host.Database))
            Assert.Empty(await context.Database.SqlQuery<string>($"select column_name::text as \"Value\" from information_schema.columns where column_name like 'unsealed%'").ToListAsync(Cancelled));

        // The address is taken in every spelling.
        await browser.RegisterAsync("jos\u00e9@people.example", "another fine passphrase");
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync("jos\u00e9@people.example", "another fine passphrase")).Status);
        Assert.Equal((0, 0), await RunAsync(host));
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Accounts_that_are_one_address_today_stay_two_and_neither_gets_the_other()
    {
        // One address in three spellings is one account to who counts attempts.
        await using var host = await IdentityHost.StartAsync(postgres, ("Attempts:PerAccount", "20"));
        using var browser = host.Browse();
        (string Email, string Password)[] people =
        [
            ("\uff4a\uff4f\uff53\u00e9@people.example", "the oldest of the three"),
            ("jose\u0301@people.example", "violet kettle marathon"),
            ("jos\u00e9@people.example", "pumpkin teaspoon lantern"),
        ];
        foreach (var (email, password) in people)
            await AsBeforeAsync(host, browser, email, password);

        // The last one has the address in today's form already.
        Assert.Equal((3, 2), await RunAsync(host));
        foreach (var (email, password) in people)
        {
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, password)).Status);
            foreach (var other in people.Where(person => person.Email != email))
                Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(other.Email, password)).Status);
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, password)).Status);
        }
    }

    [Fact]
    public async Task Of_two_the_older_gets_the_address()
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        using var browser = host.Browse();
        await AsBeforeAsync(host, browser, "jose\u0301@people.example", "violet kettle marathon");
        await AsBeforeAsync(host, browser, "\uff4a\uff4f\uff53\u00e9@people.example", "pumpkin teaspoon lantern");
        Assert.Equal((2, 1), await RunAsync(host));
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync("jos\u00e9@people.example", "violet kettle marathon")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync("\uff4a\uff4f\uff53\u00e9@people.example", "pumpkin teaspoon lantern")).Status);
    }

    [Fact]
    public async Task Stopped_half_way_it_goes_on_and_without_keys_it_changes_nothing()
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        using var browser = host.Browse();
        await AsBeforeAsync(host, browser, "plain@people.example", "violet kettle marathon");
        Assert.Contains("Set Seed__Sealing__MasterKeys__0", (await Assert.ThrowsAsync<JobException>(() => RunAsync(host, []))).Message, StringComparison.Ordinal);
        Assert.Contains("plain@people.example", await Dumps.OfAsync(host.Database, "users"), StringComparison.Ordinal);

        // As after a batch: the first is sealed, the next is not yet.
        Assert.Equal((1, 0), await RunAsync(host));
        await AsBeforeAsync(host, browser, "next@people.example", "pumpkin teaspoon lantern");
        Assert.Equal((1, 0), await RunAsync(host));
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync("plain@people.example", "violet kettle marathon")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync("next@people.example", "pumpkin teaspoon lantern")).Status);
    }

    private static Task<(int Sealed, int Shared)> RunAsync(IdentityHost host)
        => RunAsync(host, [new("Sealing:MasterKeys:0", IdentityHost.MasterKey), new("Sealing:LookupKey", IdentityHost.LookupKey)]);

    private static async Task<(int Sealed, int Shared)> RunAsync(IdentityHost host, IEnumerable<KeyValuePair<string, string?>> keys)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(host.Database) { Pooling = false }.ConnectionString);
        await admin.OpenAsync(Cancelled);
        return await SealingStep.RunAsync(admin, new ConfigurationBuilder().AddInMemoryCollection(keys).Build(), TimeProvider.System, Cancelled);
    }

    /// <summary>An account as it was kept when nothing was sealed, and an address was only put into capitals.</summary>
    private static async Task AsBeforeAsync(IdentityHost host, Browser browser, string email, string password)
    {
        var registered = $"{Guid.NewGuid():N}@people.example";
        await browser.RegisterAndConfirmAsync(registered, password);
        await using var context = IdentityHost.Context(host.Database);
        await context.Database.ExecuteSqlAsync(
            $"""
            alter table identity.users add column if not exists unsealed_email text, add column if not exists unsealed_normalized_email text, add column if not exists unsealed_display_name text
            """,
            Cancelled);
        var hash = Convert.FromHexString(IdentityHost.HashOf(registered));
        await context.Database.ExecuteSqlAsync(
            $"""
            update identity.users set unsealed_email = {email}, unsealed_normalized_email = {email.ToUpperInvariant()}, unsealed_display_name = {Name},
                email = null, email_hash = null, display_name = null, key_owner = null
            where email_hash = {hash}
            """,
            Cancelled);
        await context.Set<DataKey>().Where(key => !context.Users.Any(user => user.Key == key)).ExecuteDeleteAsync(Cancelled);
    }
}
