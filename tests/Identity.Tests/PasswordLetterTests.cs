using System.Net;
using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Mail;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>A forgotten password, and a changed one.</summary>
public sealed class PasswordLetterTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Next = "another fine passphrase";
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P43")]
    public async Task A_reset_lets_its_owner_in_and_ends_all_that_was()
    {
        using var thief = host.Browse();
        using var owner = host.Browse();
        var email = await owner.NewPersonAsync();
        var tokens = await thief.TokensAsync(email, "openid offline_access catalog.read");
        Assert.Contains("Hello", (await thief.GetAsync("/")).Body, StringComparison.Ordinal);

        await owner.SubmitAsync("/account/forgotten-password", ("Email", email));
        var letter = await NextAsync(email);
        Assert.Equal("Choose a new password", letter.Subject);
        Assert.Equal((HttpStatusCode.Found, "/"), Of(await owner.SubmitAsync(letter.Link, ("Password", Next))));
        Assert.Contains("Hello, Test Person", (await owner.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Equal("Your password was changed", (await NextAsync(email)).Subject);

        Assert.DoesNotContain("Hello", (await thief.GetAsync("/")).Body, StringComparison.Ordinal);
        var refreshed = await thief.PostAsync(
            "/connect/token", ("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, refreshed.Status);
        Assert.Equal(HttpStatusCode.OK, (await thief.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task A_link_works_once_for_its_own_account_and_not_for_another_purpose()
    {
        using var browser = host.Browse();
        var (one, other) = (await browser.NewPersonAsync(), await browser.NewPersonAsync());
        foreach (var email in (string[])[one, one, other])
            await browser.SubmitAsync("/account/forgotten-password", ("Email", email));
        var (first, second, third) = ((await NextAsync(one)).Link, (await NextAsync(one)).Link, (await NextAsync(other)).Link);
        var mixed = first[..first.IndexOf("&token", StringComparison.Ordinal)] + third[third.IndexOf("&token", StringComparison.Ordinal)..];
        foreach (var bad in (string[])[mixed, first[..^3], first.Replace("reset-password", "confirm-email", StringComparison.Ordinal), "/account/reset-password", "/account/reset-password?id=x&token=y"])
            Assert.Contains("does not work", (await browser.GetAsync(bad)).Body, StringComparison.Ordinal);
        Assert.Contains("does not work", (await browser.SubmitAsync(third, mixed, ("Password", Next))).Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync(first, ("Password", Next))).Status);

        // Neither again nor with the other letter, which was made for the password before.
        using var thief = host.Browse();
        foreach (var used in (string[])[first, second])
            Assert.Contains("does not work", (await thief.SubmitAsync(third, used, ("Password", "the thiefs own passphrase"))).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-session", thief.Cookies.Keys);
        using var owner = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await owner.LoginAsync(one, Next)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Of_uses_that_race_one_wins()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.SubmitAsync("/account/forgotten-password", ("Email", email));
        var link = (await NextAsync(email)).Link;
        var racers = Enumerable.Range(0, 4).Select(_ => host.Browse()).ToList();
        var forms = await Task.WhenAll(racers.Select(racer => racer.OpenFormAsync(link)));
        var answers = await Task.WhenAll(racers.Select((racer, i) => racer.SubmitAsync(forms[i], ("Password", $"{Next} {i}"))));
        racers.ForEach(racer => racer.Dispose());
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Found);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Found), answer => Assert.Contains("does not work", answer.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_an_hour_the_link_is_dead()
    {
        var clock = new TestClock();
        await using var later = await IdentityHost.StartAtAsync(await IdentityHost.MigratedAsync(postgres), clock);
        using var browser = later.Browse();
        var email = await browser.NewPersonAsync();
        await browser.SubmitAsync("/account/forgotten-password", ("Email", email));
        var link = (await NextAsync(email)).Link;
        clock.Advance(LetterTokens.ResetLifetime - TimeSpan.FromMinutes(1));
        Assert.Contains("Set the password", (await browser.GetAsync(link)).Body, StringComparison.Ordinal);
        var form = await browser.OpenFormAsync(link);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("does not work", (await browser.SubmitAsync(form, ("Password", Next))).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Who_holds_the_mailbox_gets_in_past_a_strangers_guesses()
    {
        using var stranger = host.Browse();
        using var owner = host.Browse();
        var email = await owner.NewPersonAsync();
        for (var guess = 0; guess < Limits.PerAccount + 1; guess++)
            await stranger.LoginAsync(email, "not the password at all");

        await owner.SubmitAsync("/account/forgotten-password", ("Email", email));
        Assert.Equal(HttpStatusCode.Found, (await owner.SubmitAsync((await NextAsync(email)).Link, ("Password", Next))).Status);
        using var another = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await another.LoginAsync(email, Next)).Status);
    }

    [Fact]
    [Trait("Practice", "P06")]
    public async Task A_weak_password_is_refused_and_the_link_stays_good()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.SubmitAsync("/account/forgotten-password", ("Email", email));
        var link = (await NextAsync(email)).Link;
        var weak = await browser.SubmitAsync(link, ("Password", "short"));
        Assert.Equal(HttpStatusCode.OK, weak.Status);
        Assert.Contains("aria-invalid=\"true\"", weak.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        using var owner = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await owner.SubmitAsync(link, ("Password", Next))).Status);
    }

    [Fact]
    public async Task A_closed_account_gets_no_letter_and_no_new_password()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.SubmitAsync("/account/forgotten-password", ("Email", email));
        var link = (await NextAsync(email)).Link;
        await using (var context = IdentityHost.Context(host.Database))
        {
            await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email))
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, DateTimeOffset.MaxValue), TestContext.Current.CancellationToken);
        }

        Assert.Contains("does not work", (await browser.GetAsync(link)).Body, StringComparison.Ordinal);
        var asked = await browser.SubmitAsync("/account/forgotten-password", ("Email", email));
        Assert.Equal(HttpStatusCode.Found, asked.Status);
        Assert.Equal(0, (await TestMailbox.SharedAsync()).Waiting(email));
    }

    [Fact]
    [Trait("Practice", "P43")]
    public async Task Changing_the_password_needs_the_present_one_ends_other_sessions_and_tells_the_owner()
    {
        using var here = host.Browse();
        using var elsewhere = host.Browse();
        var email = await here.NewPersonAsync();
        await here.LoginAsync(email);
        await elsewhere.LoginAsync(email);

        var wrong = await here.SubmitAsync("/account/password", ("Present", "not the password at all"), ("Password", Next));
        Assert.Contains("not your present password", wrong.Body, StringComparison.Ordinal);
        var weak = await here.SubmitAsync("/account/password", ("Present", Browser.Password), ("Password", "short"));
        Assert.Contains("aria-invalid=\"true\"", weak.Body, StringComparison.Ordinal);
        Assert.Contains("Hello", (await elsewhere.GetAsync("/")).Body, StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.Found, "/account/password?saved=True"), Of(await here.SubmitAsync("/account/password", ("Present", Browser.Password), ("Password", Next))));
        Assert.Equal("Your password was changed", (await NextAsync(email)).Subject);
        Assert.Contains("Hello", (await here.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", (await elsewhere.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.LoginAsync(email)).Status);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.LoginAsync(email, Next)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Guessing_at_the_present_password_is_stopped_and_shuts_its_owner_out_of_nothing()
    {
        using var thief = host.Browse();
        var email = await thief.NewPersonAsync();
        await thief.LoginAsync(email);
        for (var guess = 0; guess < 5; guess++)
            Assert.Equal(HttpStatusCode.OK, (await thief.SubmitAsync("/account/password", ("Present", $"guess number {guess}"), ("Password", Next))).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await thief.SubmitAsync("/account/password", ("Present", Browser.Password), ("Password", Next))).Status);
        using var owner = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await owner.LoginAsync(email)).Status);
    }

    private static (HttpStatusCode, string?) Of(Answer answer) => (answer.Status, answer.Location);

    private static async Task<TestLetter> NextAsync(string email) => await (await TestMailbox.SharedAsync()).NextAsync(email);
}
