using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Whoever guesses at an account is slowed; its owner, where they have signed in before, is not.</summary>
[Trait("Practice", "P09")]
[Trait("Practice", "P43")]
public sealed class KnownDeviceTests(PostgresFixture postgres, SharedHost shared, RedisFixture redis) : IClassFixture<SharedHost>, IClassFixture<RedisFixture>
{
    private const string Wrong = "not the password at all";
    private const string Cookie = "__Host-device";
    private readonly IdentityHost host = shared.Host;

    [Fact]
    public async Task The_owner_gets_in_while_strangers_at_many_addresses_have_used_the_account_up()
    {
        using var owner = host.Browse();
        var email = await owner.NewPersonAsync();
        await owner.LoginAsync(email);
        await owner.SubmitAsync("/account/logout");
        Assert.Contains(Cookie, owner.Cookies.Keys);
        await UseUpAsync(email);

        // Unknown, with the right password: waits. The owner's own browser: in, again and again.
        using var unknown = host.Browse();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await unknown.LoginAsync(email)).Status);
        for (var time = 0; time < 3; time++)
            Assert.Equal(HttpStatusCode.Found, (await owner.LoginAsync(email)).Status);

        // Which gives the strangers no new guesses.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await unknown.LoginAsync(email, Wrong)).Status);
    }

    [Fact]
    public async Task A_stranger_at_the_same_network_address_does_not_shut_it_out_either()
    {
        await using var strict = await IdentityHost.StartAsync(postgres, ("Attempts:PerAddress", "10"));
        using var owner = strict.Browse("203.0.113.50");
        var email = await owner.NewPersonAsync();
        await owner.LoginAsync(email);
        using var stranger = strict.Browse("203.0.113.50");
        for (var guess = 0; guess < 10; guess++)
            await stranger.LoginAsync($"someone-{guess}@people.example", Wrong);
        using var neighbour = strict.Browse("203.0.113.50");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await neighbour.LoginAsync(email)).Status);
        Assert.Equal(HttpStatusCode.Found, (await owner.LoginAsync(email)).Status);
    }

    [Fact]
    public async Task A_known_device_has_a_small_budget_of_its_own()
    {
        using var owner = host.Browse();
        using var elsewhere = host.Browse();
        using var thief = host.Browse();
        var email = await owner.NewPersonAsync();
        await owner.LoginAsync(email);
        await elsewhere.LoginAsync(email);
        thief.Take(owner);
        await owner.SubmitAsync("/account/logout");
        for (var guess = 0; guess < Limits.PerDevice; guess++)
            Assert.Equal(HttpStatusCode.OK, (await thief.LoginAsync(email, Wrong)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await thief.LoginAsync(email)).Status);

        // Neither the owner's other device nor unknown ones pay for it.
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.LoginAsync(email)).Status);
        using var unknown = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await unknown.LoginAsync(email)).Status);
    }

    [Fact]
    public async Task A_device_is_known_to_its_account_alone_and_until_the_password_changes()
    {
        using var attacker = host.Browse();
        using var owner = host.Browse();
        await attacker.LoginAsync(await attacker.NewPersonAsync());
        var email = await owner.NewPersonAsync();
        await owner.LoginAsync(email);
        await UseUpAsync(email);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await attacker.LoginAsync(email)).Status);
        Assert.Equal(HttpStatusCode.Found, (await owner.LoginAsync(email)).Status);

        using (DatabaseTask.Administration.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
            Assert.True((await users.ChangePasswordAsync((await users.FindByEmailAsync(email))!, Browser.Password, "another fine passphrase")).Succeeded);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await owner.LoginAsync(email, "another fine passphrase")).Status);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("%00%ff")]
    [InlineData("eyJJZCI6ImEiLCJBY2NvdW50IjoiMDE5YThmMDAifQ")]
    public async Task A_cookie_that_is_none_of_ours_is_no_device(string value)
    {
        var email = await NewPersonAsync();
        await UseUpAsync(email);
        using var forger = host.Browse();
        var form = await forger.OpenFormAsync("/account/login");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/login")
        {
            Headers = { { "Cookie", $"{Cookie}={value}; __Host-csrf={forger.Cookies["__Host-csrf"]}" } },
            Content = new FormUrlEncodedContent([new("Email", email), new("Password", Browser.Password), new(OpenForm.TokenField, form.Token)]),
        };
        forger.Forget("__Host-csrf");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await forger.SendAsync(request)).Status);
    }

    [Fact]
    public async Task A_device_is_known_for_half_a_year()
    {
        var clock = new TestClock();
        await using var timed = await IdentityHost.StartOnAsync(await IdentityHost.MigratedAsync(postgres), clock);
        foreach (var (days, status) in (ValueTuple<int, HttpStatusCode>[])[(60, HttpStatusCode.Found), (181, HttpStatusCode.TooManyRequests)])
        {
            using var owner = timed.Browse();
            var email = await owner.NewPersonAsync();
            await owner.LoginAsync(email);
            owner.Forget("__Host-session");
            clock.Advance(TimeSpan.FromDays(days));
            await UseUpAsync(email, timed);
            Assert.Equal(status, (await owner.LoginAsync(email)).Status);
        }
    }

    /// <summary>What the lockout in Postgres did before; that one let anybody lock anybody out, at every device, which the issue ends.</summary>
    [Fact]
    [Trait("Practice", "P38")]
    public async Task The_budget_is_in_Redis_is_shared_by_replicas_and_outlives_a_restart_and_nothing_is_locked_in_the_database()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        string victim;
        string other;
        await using (var one = await IdentityHost.StartOnAsync(database, redis.Settings))
        {
            await using var two = await IdentityHost.StartOnAsync(database, redis.Settings);
            using var browser = one.Browse();
            victim = await browser.NewPersonAsync();
            other = await browser.NewPersonAsync();
            using var attacker = one.Browse();
            using var accomplice = two.Browse();
            for (var attempt = 1; attempt <= Limits.PerAccount; attempt++)
                Assert.Equal(HttpStatusCode.OK, (await (attempt % 2 == 0 ? attacker : accomplice).LoginAsync(victim, Wrong)).Status);
            Assert.Equal(1, one.Log.Count(4004) + two.Log.Count(4004));
            Assert.DoesNotContain(one.Log.Lines.Concat(two.Log.Lines), line => line.Id.Id == 4010);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await attacker.LoginAsync(victim, Wrong)).Status);
        }

        await using var after = await IdentityHost.StartOnAsync(database, redis.Settings);
        using var owner = after.Browse();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await owner.LoginAsync(victim)).Status);
        Assert.Equal(HttpStatusCode.Found, (await owner.LoginAsync(other)).Status);
        await using var context = IdentityHost.Context(database);
        Assert.True(await context.Users.AllAsync(u => u.LockoutEnd == null && u.AccessFailedCount == 0, TestContext.Current.CancellationToken));
    }

    private async Task<string> NewPersonAsync()
    {
        using var person = host.Browse();
        return await person.NewPersonAsync();
    }

    // From an address of its own for each guess.
    private async Task UseUpAsync(string email, IdentityHost? at = null)
    {
        for (var guess = 0; guess < Limits.PerAccount; guess++)
        {
            using var stranger = (at ?? host).Browse();
            Assert.Equal(HttpStatusCode.OK, (await stranger.LoginAsync(email, Wrong)).Status);
        }
    }
}
