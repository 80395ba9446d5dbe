using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Data;
using SecureShop.Identity.Mail;
using SecureShop.Identity.PersonalData;
using SecureShop.Identity.Tests.Support;
using SecureShop.Mail;
using SecureShop.Storage.Data;
using SecureShop.Storage.Sealing;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>An account is used by whoever has shown its mailbox, and by nobody before.</summary>
public sealed partial class ConfirmationTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Before_the_confirmation_the_right_password_is_answered_as_a_wrong_one_and_afterwards_lets_in()
    {
        using var browser = host.Browse();
        var email = Address();
        await browser.RegisterAsync(email);
        var early = await browser.LoginAsync(email);
        var wrong = await browser.LoginAsync(email, "not the password at all");
        var unknown = Address();
        var nobody = await browser.LoginAsync(unknown);
        Assert.Equal(HttpStatusCode.OK, early.Status);
        Assert.Equal(Neutral(wrong.Body, email), Neutral(early.Body, email));
        Assert.Equal(Neutral(nobody.Body, unknown), Neutral(early.Body, email));

        var link = await LinkAsync(email);
        Assert.Contains("Confirm and sign in", (await browser.GetAsync(link)).Body, StringComparison.Ordinal);

        // A program that looks into links has changed nothing.
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email)).Status);

        var confirmed = await browser.SubmitAsync(link, ("Password", Browser.Password));
        Assert.Equal((HttpStatusCode.Found, "/"), (confirmed.Status, confirmed.Location));
        Assert.Contains("Hello, Test Person", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
        using var other = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await other.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task A_link_works_once_and_for_its_own_account()
    {
        using var browser = host.Browse();
        var (one, other) = (Address(), Address());
        await browser.RegisterAsync(one);
        await browser.RegisterAsync(other);
        var (first, second) = (await LinkAsync(one), await LinkAsync(other));
        var mixed = $"{first[..first.IndexOf("&token", StringComparison.Ordinal)]}{second[second.IndexOf("&token", StringComparison.Ordinal)..]}";
        Assert.Contains("does not work", (await browser.GetAsync(mixed)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(first, mixed, ("Password", Browser.Password))).Status);

        var form = await browser.OpenFormAsync(first);
        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync(form, ("Password", Browser.Password))).Status);
        using var thief = host.Browse();
        Assert.Contains("does not work", (await thief.GetAsync(first)).Body, StringComparison.Ordinal);
        var again = await thief.SubmitAsync(second, first, ("Password", Browser.Password));
        Assert.Contains("does not work", again.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-session", thief.Cookies.Keys);
        Assert.True(host.Log.Count(4037) >= 2);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Whoever_registered_a_strangers_address_gets_nothing_from_its_owners_click()
    {
        // The attacker chooses the password; the owner opens the letter, and takes the account over by a new one.
        using var attacker = host.Browse();
        using var owner = host.Browse();
        var email = Address();
        await attacker.RegisterAsync(email, "the attackers own passphrase");
        var link = await LinkAsync(email);
        var mine = await owner.SubmitAsync(link, ("Password", Browser.Password));
        Assert.Contains("not the password of this account", mine.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await attacker.LoginAsync(email, "the attackers own passphrase")).Status);

        await owner.SubmitAsync("/account/forgotten-password", ("Email", email));
        Assert.Equal(HttpStatusCode.Found, (await owner.SubmitAsync(await LinkAsync(email), ("Password", Browser.Password))).Status);
        Assert.Equal(HttpStatusCode.OK, (await attacker.LoginAsync(email, "the attackers own passphrase")).Status);
        Assert.Contains("does not work", (await attacker.GetAsync(link)).Body, StringComparison.Ordinal);
        using var later = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await later.LoginAsync(email)).Status);
    }

    [Fact]
    public async Task After_a_day_the_link_is_dead_and_another_letter_helps()
    {
        var clock = new TestClock();
        await using var later = await IdentityHost.StartAtAsync(await IdentityHost.MigratedAsync(postgres), clock);
        using var browser = later.Browse();
        var email = Address();
        await browser.RegisterAsync(email);
        var link = await LinkAsync(email);
        clock.Advance(LetterTokens.ConfirmLifetime - TimeSpan.FromMinutes(1));
        Assert.Contains("Confirm and sign in", (await browser.GetAsync(link)).Body, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("does not work", (await browser.GetAsync(link)).Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync("/account/check-mail", ("Email", email))).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync(await LinkAsync(email), ("Password", Browser.Password))).Status);
    }

    [Fact]
    [Trait("Practice", "P36")]
    public async Task After_a_week_an_account_that_nobody_has_confirmed_is_gone_and_no_other()
    {
        var clock = new TestClock();
        await using var later = await IdentityHost.StartAtAsync(await IdentityHost.MigratedAsync(postgres), clock);
        using var browser = later.Browse();
        var confirmed = await browser.NewPersonAsync();
        var erased = await browser.NewPersonAsync();
        var (old, young) = (Address(), Address());
        await browser.RegisterAsync(old);
        clock.Advance(UnconfirmedAccounts.Kept);
        await browser.RegisterAsync(young);
        await using var scope = later.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        using var acting = DatabaseTask.Tidying.Begin();
        var gone = await database.Users.Where(user => user.NormalizedEmail == IdentityHost.HashOf(erased)).Select(user => user.Id).SingleAsync(Cancelled);
        Assert.Equal(ErasureOutcome.Done, await scope.ServiceProvider.GetRequiredService<Erasure>().EraseAsync(gone, erased, Cancelled));

        var tidying = later.Services.GetServices<ITidying>().OfType<UnconfirmedAccounts>().Single();
        await tidying.RemoveExpiredAsync(scope.ServiceProvider, clock.GetUtcNow() - TimeSpan.FromMinutes(1), Cancelled);
        Assert.Equal(4, await database.Users.CountAsync(Cancelled));
        await tidying.RemoveExpiredAsync(scope.ServiceProvider, clock.GetUtcNow() + TimeSpan.FromMinutes(1), Cancelled);
        var left = (await database.Users.AsNoTracking().ToListAsync(Cancelled)).ConvertAll(user => user.Email);
        Assert.Equivalent(new[] { confirmed, young, null }, left, strict: true);
        Assert.DoesNotContain(old, left);

        // And nobody's key is left, but those of who is there; that of the erased is none.
        Assert.Equal(3, await database.Set<DataKey>().CountAsync(Cancelled));
        Assert.Equal(2, await database.Set<DataKey>().CountAsync(key => key.DestroyedAt == null, Cancelled));
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Registering_an_address_again_tells_its_owner_and_the_stranger_nothing()
    {
        using var browser = host.Browse();
        var taken = await browser.NewPersonAsync();
        var free = Address();
        var one = await browser.RegisterAsync(taken, "another fine passphrase", "Win a lamp at evil.example");
        var other = await browser.RegisterAsync(free, "another fine passphrase", "Win a lamp at evil.example");
        Assert.Equal((one.Status, one.Location, one.Body), (other.Status, other.Location, other.Body));
        var told = await (await TestMailbox.SharedAsync()).NextAsync(taken);
        Assert.Equal("You already have an account", told.Subject);

        // No word of the stranger's goes out in our name.
        Assert.DoesNotContain("evil.example", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", (await (await TestMailbox.SharedAsync()).NextAsync(free)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(taken)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Nobodys_mailbox_is_filled_and_known_and_unknown_addresses_are_answered_alike()
    {
        await using var strict = await IdentityHost.StartAsync(postgres, ("Attempts:Letters", "3"));
        using var person = strict.Browse();
        var email = await person.NewPersonAsync();
        var mailbox = await TestMailbox.SharedAsync();
        foreach (var address in (string[])[email, Address()])
        {
            for (var i = 0; i < 6; i++)
            {
                using var stranger = strict.Browse();
                var answer = await stranger.SubmitAsync("/account/forgotten-password", ("Email", address));
                Assert.Equal((HttpStatusCode.Found, "/account/forgotten-password?sent=True"), (answer.Status, answer.Location));
            }
        }

        // The first of three was the confirmation.
        Assert.Equal("Choose a new password", (await mailbox.NextAsync(email)).Subject);
        var link = (await mailbox.NextAsync(email)).Link;
        await using var context = IdentityHost.Context(strict.Database);
        Assert.False(await context.Set<MailRow>().AnyAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, mailbox.Waiting(email));

        // Asking for too many keeps nobody out.
        Assert.Equal(HttpStatusCode.Found, (await person.SubmitAsync(link, ("Password", "another fine passphrase"))).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task A_network_that_asks_for_many_letters_has_to_wait()
    {
        await using var strict = await IdentityHost.StartAsync(postgres, ("Attempts:Registrations", "3"));
        using var stranger = strict.Browse("203.0.113.77");
        foreach (var page in (string[])["/account/forgotten-password", "/account/check-mail", "/account/forgotten-password"])
            Assert.Equal(HttpStatusCode.Found, (await stranger.SubmitAsync(page, ("Email", Address()))).Status);
        var refused = await stranger.SubmitAsync("/account/forgotten-password", ("Email", Address()));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        using var somebodyElse = strict.Browse("203.0.113.78");
        Assert.Equal(HttpStatusCode.Found, (await somebodyElse.SubmitAsync("/account/forgotten-password", ("Email", Address()))).Status);
    }

    [Theory]
    [Trait("Practice", "P09")]
    [InlineData("/account/forgotten-password")]
    [InlineData("/account/check-mail")]
    public async Task No_answer_comes_sooner_for_one_address_than_for_another(string page)
    {
        using var browser = host.Browse();
        var known = await browser.NewPersonAsync();
        foreach (var email in (string[])[known, Address()])
        {
            var form = await browser.OpenFormAsync(page);
            var started = TimeProvider.System.GetTimestamp();
            await browser.SubmitAsync(form, ("Email", email));
            Assert.True(TimeProvider.System.GetElapsedTime(started) >= SignIn.Floor);
        }
    }

    private static string Address() => $"{Guid.NewGuid():N}@people.example";

    private static async Task<string> LinkAsync(string email) => (await (await TestMailbox.SharedAsync()).NextAsync(email)).Link;

    private static string Neutral(string body, string email) => Hidden().Replace(body, "").Replace(email, "EMAIL", StringComparison.Ordinal);

    [GeneratedRegex("<input name=\"__RequestVerificationToken\"[^>]*>", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();
}
