using System.Net;
using System.Text.RegularExpressions;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Guessing passwords and accounts, without Redis: each host counts for itself.</summary>
public sealed partial class GuessingTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Wrong = "not the password at all";
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P09")]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer_at_every_step()
    {
        using var browser = host.Browse();
        var known = await browser.NewPersonAsync();
        var unknown = $"{Guid.NewGuid():N}@people.example";
        using var first = host.Browse();
        using var second = host.Browse();
        for (var attempt = 1; attempt <= Limits.PerAccount + 2; attempt++)
        {
            var one = await first.LoginAsync(known, Wrong);
            var other = await second.LoginAsync(unknown, Wrong);
            Assert.Equal(attempt <= Limits.PerAccount ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, one.Status);
            Assert.Equal(one.Status, other.Status);
            Assert.Equal(Neutral(one.Body, known), Neutral(other.Body, unknown));
            Assert.Equal(one.Headers.ContainsKey("Retry-After"), other.Headers.ContainsKey("Retry-After"));
        }
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task A_failed_sign_in_takes_no_less_than_the_floor_for_known_and_unknown()
    {
        using var browser = host.Browse();
        var known = await browser.NewPersonAsync();
        foreach (var email in (string[])[known, "nobody@people.example"])
        {
            var started = TimeProvider.System.GetTimestamp();
            await browser.LoginAsync(email, Wrong);
            Assert.True(TimeProvider.System.GetElapsedTime(started) >= SignIn.Floor);
        }
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Guesses_that_race_are_all_counted()
    {
        using var browser = host.Browse();
        var victim = await browser.NewPersonAsync();
        var attackers = Enumerable.Range(0, 12).Select(_ => host.Browse()).ToList();
        var answers = await Task.WhenAll(attackers.Select(attacker => attacker.LoginAsync(victim, Wrong)));
        attackers.ForEach(attacker => attacker.Dispose());
        Assert.Equal(Limits.PerAccount, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.Equal(12 - Limits.PerAccount, answers.Count(a => a.Status == HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [Trait("Practice", "P09")]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.8", "203.0.113.9", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:4::1", false)]
    [InlineData("::ffff:203.0.113.10", "203.0.113.10", true)]
    public async Task One_guess_at_each_of_many_accounts_is_stopped_by_the_network_address(string attacker, string next, bool stopped)
    {
        await using var strict = await IdentityHost.StartAsync(postgres, ("Attempts:PerAddress", "10"));
        using var person = strict.Browse();
        var email = await person.NewPersonAsync();
        var list = Enumerable.Range(0, 10).Select(_ => strict.Browse(attacker)).ToList();
        var guesses = await Task.WhenAll(list.Select((browser, i) => browser.LoginAsync($"someone-{i}@people.example", Wrong)));
        list.ForEach(browser => browser.Dispose());
        Assert.All(guesses, guess => Assert.Equal(HttpStatusCode.OK, guess.Status));

        using var follower = strict.Browse(next);
        Assert.Equal(stopped ? HttpStatusCode.TooManyRequests : HttpStatusCode.Found, (await follower.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Signing_in_rightly_never_uses_up_the_address()
    {
        await using var strict = await IdentityHost.StartAsync(postgres, ("Attempts:PerAddress", "10"));
        using var person = strict.Browse("203.0.113.20");
        var email = await person.NewPersonAsync();
        for (var i = 0; i < 12; i++)
            Assert.Equal(HttpStatusCode.Found, (await person.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Events_are_logged_by_stable_ids_and_without_personal_data()
    {
        using var browser = host.Browse("203.0.113.99");
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email, Wrong);
        await browser.LoginAsync(email);
        await browser.SubmitAsync("/account/logout");
        Assert.All((int[])[4001, 4002, 4006, 4008], id => Assert.True(host.Log.Count(id) > 0, $"event {id}"));
        Assert.DoesNotContain(email, host.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Test Person", host.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Browser.Password, host.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, host.Log.Text, StringComparison.Ordinal);
    }

    // The page without what must differ: the antiforgery token and the address that was typed.
    private static string Neutral(string body, string email)
        => Hidden().Replace(body, "").Replace(email, "EMAIL", StringComparison.Ordinal);

    [GeneratedRegex("<input name=\"__RequestVerificationToken\"[^>]*>", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();
}
