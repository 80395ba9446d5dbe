using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.Identity.Data;
using SecureShop.Identity.Sessions;
using SecureShop.Identity.Tests.Support;
using SecureShop.Storage.Data;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Sessions on the server: what is ended is over, everywhere and at once.</summary>
[Trait("Practice", "P43")]
public sealed partial class SessionTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Cookie = "__Host-session";
    private readonly IdentityHost host = shared.Host;

    [Fact]
    public async Task A_copied_cookie_is_dead_after_sign_out_at_every_replica()
    {
        await using var replica = await IdentityHost.StartOnAsync(host.Database);
        using var owner = host.Browse();
        using var thief = replica.Browse();
        await owner.LoginAsync(await NewPersonAsync(owner));
        thief.Take(owner);
        Assert.True(await IsSignedInAsync(owner));
        Assert.True(await IsSignedInAsync(thief));

        await owner.SubmitAsync("/account/logout");
        Assert.False(await IsSignedInAsync(thief));
        Assert.False(await IsSignedInAsync(owner));
        Assert.DoesNotContain(Cookie, owner.Cookies.Keys);
    }

    [Fact]
    public async Task Sign_out_ends_what_the_session_has_granted()
    {
        using var owner = host.Browse();
        var email = await NewPersonAsync(owner);
        var tokens = await owner.TokensAsync(email);
        using var elsewhere = host.Browse();
        var others = await elsewhere.TokensAsync(email);

        await owner.SubmitAsync("/account/logout");
        Assert.Equal(HttpStatusCode.BadRequest, (await RefreshAsync(owner, tokens)).Status);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(elsewhere, others)).Status);
    }

    [Fact]
    public async Task The_table_holds_neither_the_key_nor_anything_that_opens_a_session()
    {
        using var owner = host.Browse();
        using var other = host.Browse();
        await owner.LoginAsync(await NewPersonAsync(owner));
        var email = await NewPersonAsync(other);
        await other.LoginAsync(email);

        await using var context = IdentityHost.Context(host.Database);
        var row = await context.Set<SessionRow>().SingleAsync(s => s.User!.NormalizedEmail == IdentityHost.HashOf(email), TestContext.Current.CancellationToken);
        Assert.Equal(32, row.KeyHash.Length);
        foreach (var dumped in (string[])[row.Id, Convert.ToBase64String(row.KeyHash), Convert.ToHexString(row.KeyHash), Convert.ToBase64String(row.Ticket)])
        {
            using var thief = host.Browse();
            Assert.DoesNotContain(dumped, other.Cookies[Cookie], StringComparison.Ordinal);
            Assert.False(await IsSignedInAsync(thief, dumped));
        }

        // Positive control, and one that may even write: another person's ticket does not open under one's own key.
        Assert.Contains("Hello", (await other.GetAsync("/")).Body, StringComparison.Ordinal);
        await context.Database.ExecuteSqlAsync(
            $"update identity.sessions mine set ticket = (select ticket from identity.sessions where id = {row.Id}) where id <> {row.Id}", TestContext.Current.CancellationToken);
        Assert.False(await IsSignedInAsync(owner));
        Assert.True(await IsSignedInAsync(other));
    }

    [Fact]
    public async Task A_planted_cookie_does_not_become_the_session_of_who_signs_in()
    {
        using var attacker = host.Browse();
        await attacker.LoginAsync(await attacker.NewPersonAsync());
        using var victim = host.Browse();
        var email = await victim.NewPersonAsync();
        victim.Take(attacker);

        Assert.Equal(HttpStatusCode.Found, (await victim.LoginAsync(email)).Status);
        Assert.NotEqual(attacker.Cookies[Cookie], victim.Cookies[Cookie]);
        Assert.True(await IsSignedInAsync(victim));

        // The attacker's own session has ended with it, and is not the victim's.
        Assert.False(await IsSignedInAsync(attacker));
    }

    [Fact]
    public async Task Signing_in_once_more_keeps_the_session_under_a_new_key()
    {
        using var owner = host.Browse();
        using var copy = host.Browse();
        var email = await NewPersonAsync(owner);
        await owner.LoginAsync(email);
        copy.Take(owner);
        var before = await IdsAsync(email);

        await owner.LoginAsync(email);
        Assert.Equal(before, await IdsAsync(email));
        Assert.NotEqual(copy.Cookies[Cookie], owner.Cookies[Cookie]);
        Assert.True(await IsSignedInAsync(owner));
        Assert.False(await IsSignedInAsync(copy));
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_without_its_person_and_after_a_day_in_any_case()
    {
        var clock = new TestClock();
        await using var timed = await IdentityHost.StartOnAsync(await IdentityHost.MigratedAsync(postgres), clock);
        using var idle = timed.Browse();
        using var busy = timed.Browse();
        var email = await NewPersonAsync(idle, timed);
        await idle.LoginAsync(email);
        await busy.LoginAsync(email);
        for (var hour = 1; hour < 24; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            Assert.True(await IsSignedInAsync(busy), $"after {hour} h");
            if (hour == 9)
                Assert.False(await IsSignedInAsync(idle));
        }

        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await IsSignedInAsync(busy));

        // The rows go.
        Assert.Equal(2, (await IdsAsync(email, timed)).Count);
        await timed.Services.GetServices<IHostedService>().OfType<Tidying>().Single().RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await IdsAsync(email, timed));
    }

    [Fact]
    public async Task A_request_reads_the_session_once_and_writes_it_once_a_minute_at_most()
    {
        var clock = new TestClock();
        await using var timed = await IdentityHost.StartOnAsync(
            await IdentityHost.MigratedAsync(postgres), clock, ("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "Information"));
        using var owner = timed.Browse();
        await owner.LoginAsync(await NewPersonAsync(owner, timed));

        // Not before: who registers is answered after half a second, which must pass.
        clock.Stop();
        int Reads() => timed.Log.Lines.Count(line => line.Text.Contains("FROM identity.sessions", StringComparison.OrdinalIgnoreCase));
        int Writes() => timed.Log.Lines.Count(line => line.Text.Contains("UPDATE identity.sessions", StringComparison.OrdinalIgnoreCase));

        var (reads, writes) = (Reads(), Writes());
        for (var request = 1; request <= 3; request++)
            Assert.True(await IsSignedInAsync(owner));
        Assert.Equal((reads + 3, writes), (Reads(), Writes()));

        clock.Advance(TimeSpan.FromMinutes(1));
        for (var request = 1; request <= 3; request++)
            Assert.True(await IsSignedInAsync(owner));
        Assert.Equal((reads + 6, writes + 1), (Reads(), Writes()));
    }

    [Fact]
    public async Task A_disabled_account_has_no_session_any_more_at_the_next_request()
    {
        using var owner = host.Browse();
        var email = await NewPersonAsync(owner);
        await owner.LoginAsync(email);
        await using var context = IdentityHost.Context(host.Database);
        await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email))
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, DateTimeOffset.MaxValue), TestContext.Current.CancellationToken);
        Assert.False(await IsSignedInAsync(owner));
    }

    [Fact]
    public async Task A_changed_password_ends_the_others_and_keeps_the_one_that_it_was_changed_in()
    {
        using var here = host.Browse();
        using var there = host.Browse();
        var email = await NewPersonAsync(here);
        await here.LoginAsync(email);
        var kept = Assert.Single(await IdsAsync(email));
        var tokens = await there.TokensAsync(email);
        using (DatabaseTask.Administration.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
            var user = (await users.FindByEmailAsync(email))!;
            Assert.True((await users.ChangePasswordAsync(user, Browser.Password, "another fine passphrase")).Succeeded);
            await scope.ServiceProvider.GetRequiredService<ShopSessions>().EndOthersAsync(user.Id, kept, TestContext.Current.CancellationToken);
        }

        Assert.True(await IsSignedInAsync(here));
        Assert.False(await IsSignedInAsync(there));
        Assert.Equal(HttpStatusCode.BadRequest, (await RefreshAsync(there, tokens)).Status);
    }

    [Fact]
    public async Task The_page_lists_them_and_ends_one_or_all_others()
    {
        using var here = host.Browse();
        using var phone = host.Browse(agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1");
        using var third = host.Browse(agent: "<script>alert(1)</script> Firefox/150.0 Linux");
        var email = await NewPersonAsync(here);
        foreach (var browser in (Browser[])[here, phone, third])
            await browser.LoginAsync(email);

        var page = (await here.GetAsync("/account/sessions")).Body;
        Assert.Contains("Safari on iPhone", page, StringComparison.Ordinal);
        Assert.Contains("Firefox on Linux", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "This browser", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var ids = Ids().Matches(page).Select(match => match.Groups["id"].Value).ToList();
        Assert.Equal(2, ids.Count);

        var ended = await IdOfAsync("Safari on iPhone", email);
        Assert.Contains(ended, ids);
        Assert.Contains("That session has ended", (await here.SubmitAsync("/account/sessions?handler=End", ("id", ended))).Body, StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(phone));
        Assert.True(await IsSignedInAsync(third));

        await here.SubmitAsync("/account/sessions?handler=Others");
        Assert.False(await IsSignedInAsync(third));
        Assert.True(await IsSignedInAsync(here));
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task Nobody_ends_or_sees_the_session_of_somebody_else()
    {
        using var owner = host.Browse();
        using var other = host.Browse();
        var email = await NewPersonAsync(owner);
        await owner.LoginAsync(email);
        await other.LoginAsync(await other.NewPersonAsync());
        var id = Assert.Single(await IdsAsync(email));

        Assert.DoesNotContain(id, (await other.GetAsync("/account/sessions")).Body, StringComparison.Ordinal);
        var answer = await other.SubmitAsync("/account/sessions?handler=End", ("id", id));
        Assert.DoesNotContain("has ended", answer.Body, StringComparison.Ordinal);
        await other.SubmitAsync("/account/sessions?handler=Others");
        Assert.True(await IsSignedInAsync(owner));
    }

    [Fact]
    public async Task Without_a_session_the_page_leads_to_sign_in_and_back()
    {
        using var owner = host.Browse();
        var email = await NewPersonAsync(owner);
        var asked = await owner.GetAsync("/account/sessions");
        Assert.Equal(HttpStatusCode.Found, asked.Status);
        var login = asked.Location!.PathAndQuery();
        Assert.StartsWith("/account/login?", login, StringComparison.Ordinal);
        var back = await owner.SubmitAsync(login, ("Email", email), ("Password", Browser.Password), ("ReturnUrl", "/account/sessions"));
        Assert.Equal("/account/sessions", back.Location);
        Assert.Contains("This browser", (await owner.GetAsync(back.Location!)).Body, StringComparison.Ordinal);
    }

    private static async Task<bool> IsSignedInAsync(Browser browser, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (cookie is not null)
            request.Headers.Add("Cookie", $"{Cookie}={Uri.EscapeDataString(cookie)}");
        var answer = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Body.Contains("Hello, ", StringComparison.Ordinal);
    }

    private static Task<Answer> RefreshAsync(Browser browser, System.Text.Json.JsonElement tokens) => browser.PostAsync(
        "/connect/token", ("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()));

    // Who has confirmed the address is signed in where that was.
    private async Task<string> NewPersonAsync(Browser browser, IdentityHost? at = null)
    {
        var email = await browser.NewPersonAsync();
        await using var context = IdentityHost.Context((at ?? host).Database);
        await context.Set<SessionRow>().Where(s => s.User!.NormalizedEmail == IdentityHost.HashOf(email)).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        return email;
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string email, IdentityHost? at = null)
    {
        await using var context = IdentityHost.Context((at ?? host).Database);
        return await context.Set<SessionRow>().Where(s => s.User!.NormalizedEmail == IdentityHost.HashOf(email)).Select(s => s.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> IdOfAsync(string device, string email)
    {
        await using var context = IdentityHost.Context(host.Database);
        return await context.Set<SessionRow>().Where(s => s.User!.NormalizedEmail == IdentityHost.HashOf(email) && s.Device == device).Select(s => s.Id).SingleAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("name=\"id\" value=\"(?<id>[0-9a-f]{32})\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Ids();
}
