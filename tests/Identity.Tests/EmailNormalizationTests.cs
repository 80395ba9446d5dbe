using System.Net;
using Microsoft.EntityFrameworkCore;
using SecureShop.Database;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Accounts from before addresses were normalised: none is lost, and none is anybody else's.</summary>
public sealed class EmailNormalizationTests(PostgresFixture postgres)
{
    [Fact]
    [Trait("Practice", "P09")]
    public async Task An_account_is_found_by_its_own_spelling_before_and_by_every_one_after()
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        using var browser = host.Browse();
        await AsBeforeAsync(host, browser, "jose\u0301@people.example", "violet kettle marathon");
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync("jose\u0301@people.example", "violet kettle marathon")).Status);

        Assert.Equal((1, 0), await RunAsync(host));
        foreach (var spelling in (string[])["jose\u0301@people.example", "jos\u00e9@people.example", "\uff2aOS\u00c9@people.example"])
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(spelling, "violet kettle marathon")).Status);

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
        Assert.Equal((0, 2), await RunAsync(host));
        Assert.Equal((0, 2), await RunAsync(host));
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
        Assert.Equal((1, 1), await RunAsync(host));
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync("jos\u00e9@people.example", "violet kettle marathon")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync("\uff4a\uff4f\uff53\u00e9@people.example", "pumpkin teaspoon lantern")).Status);
    }

    private static async Task<(int Changed, int Shared)> RunAsync(IdentityHost host)
    {
        await using var context = IdentityHost.Context(host.Database);
        return await EmailNormalization.RunAsync(context, TestContext.Current.CancellationToken);
    }

    /// <summary>An account as it was kept when an address was only put into capitals.</summary>
    private static async Task AsBeforeAsync(IdentityHost host, Browser browser, string email, string password)
    {
        var registered = $"{Guid.NewGuid():N}@people.example";
        await browser.RegisterAndConfirmAsync(registered, password);
        await using var context = IdentityHost.Context(host.Database);
        var normalized = email.ToUpperInvariant();
        await context.Users.Where(u => u.Email == registered).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.Email, email).SetProperty(u => u.UserName, email)
                .SetProperty(u => u.NormalizedEmail, normalized).SetProperty(u => u.NormalizedUserName, normalized),
            TestContext.Current.CancellationToken);
    }
}
