using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Browsing;
using SecureShop.Identity.Data;
using SecureShop.Identity.Events;
using SecureShop.Identity.Factors;
using SecureShop.Identity.Tests.Support;
using SecureShop.Storage.Data;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Factors;

/// <summary>One-time codes of an app, as people and attackers meet them.</summary>
public sealed class AuthenticatorTests(ClockedHost shared) : IClassFixture<ClockedHost>
{
    private readonly IdentityHost host = shared.Host;
    private readonly TestClock clock = shared.Clock;

    /// <summary>Appendix B of RFC 6238, the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1234567890, "005924")]
    [InlineData(20000000000, "353130")]
    [Trait("Practice", "P07")]
    public void Codes_are_those_of_the_RFC(long time, string code)
    {
        const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        Assert.Equal(time / 30, OneTimeCodes.StepOf(Key, code, DateTimeOffset.FromUnixTimeSeconds(time)));
        Assert.Equal(code, new AuthenticatorApp(Key).Code(DateTimeOffset.FromUnixTimeSeconds(time)));
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task An_app_is_set_up_by_a_code_that_it_shows_and_then_asked_for_at_each_sign_in()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        var tab = await browser.OpenFormAsync(SecondFactorSteps.Setup);
        Assert.Contains("That code is not right", (await browser.SubmitAsync(tab, ("Code", "000000"))).Body, StringComparison.Ordinal);
        var (app, codes) = await browser.SetUpAppAsync(clock);
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());

        using var other = host.Browse();
        await other.ShowPasswordAsync(email);
        Assert.DoesNotContain("__Host-session", other.Cookies.Keys);
        Assert.Equal(HttpStatusCode.Found, (await other.GetAsync("/account/security")).Status);
        Assert.Contains("That code is not right", (await other.ShowCodeAsync("000000")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-session", other.Cookies.Keys);

        clock.Advance(AuthenticatorApp.Step);
        Assert.Equal(HttpStatusCode.Found, (await other.ShowCodeAsync(app.Code(clock.GetUtcNow()))).Status);
        Assert.Contains("__Host-session", other.Cookies.Keys);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/account/security")).Status);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task A_code_is_accepted_once_also_of_copies_that_race_and_not_after_it_set_the_app_up()
    {
        // To where a step begins: on a busy machine the next one, with another code, would come in between.
        clock.Advance(AuthenticatorApp.Step - TimeSpan.FromTicks(clock.GetUtcNow().Ticks % AuthenticatorApp.Step.Ticks));
        var (email, app, _) = await host.NewPersonWithAppAsync(clock);
        using var early = host.Browse();
        await early.ShowPasswordAsync(email);
        Assert.Equal(HttpStatusCode.OK, (await early.ShowCodeAsync(app.Code(clock.GetUtcNow()))).Status);

        clock.Advance(AuthenticatorApp.Step);
        var browsers = Enumerable.Range(0, 4).Select(_ => host.Browse()).ToList();
        foreach (var browser in browsers)
            await browser.ShowPasswordAsync(email);
        var tabs = await Task.WhenAll(browsers.Select(browser => browser.OpenFormAsync(SecondFactorSteps.Page)));
        var code = app.Code(clock.GetUtcNow());
        host.Events.Clear();
        var answers = await Task.WhenAll(browsers.Zip(tabs).Select(pair => pair.First.SubmitAsync(pair.Second with { Path = $"{pair.Second.Path}?handler=Code" }, ("Code", code))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Found);
        Assert.Equal(3, host.Events.All.Count(one => one.Name == "FactorRefused" && one["Reason"] == IdentityRefusal.UsedCode));
        browsers.ForEach(browser => browser.Dispose());

        // An earlier one is used up with it.
        clock.Advance(AuthenticatorApp.Step);
        using var late = host.Browse();
        await late.ShowPasswordAsync(email);
        Assert.Equal(HttpStatusCode.OK, (await late.ShowCodeAsync(code)).Status);
        Assert.Equal(HttpStatusCode.Found, (await late.ShowCodeAsync(app.Code(clock.GetUtcNow()))).Status);
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [Trait("Practice", "P07")]
    public async Task A_code_is_good_one_step_to_either_side(int steps, bool good)
    {
        var (email, app, _) = await host.NewPersonWithAppAsync(clock);
        using var browser = host.Browse();
        await browser.ShowPasswordAsync(email);

        // To where a step begins: the next one would make another code out of it on its way.
        clock.Advance(5 * AuthenticatorApp.Step);
        clock.Advance(AuthenticatorApp.Step - TimeSpan.FromTicks(clock.GetUtcNow().Ticks % AuthenticatorApp.Step.Ticks));
        var answer = await browser.ShowCodeAsync(app.Code(clock.GetUtcNow() + (steps * AuthenticatorApp.Step)));
        Assert.Equal(good ? HttpStatusCode.Found : HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    [Trait("Practice", "P07")]
    [Trait("Practice", "P09")]
    public async Task Guessing_is_slowed_for_who_has_the_password_and_its_owner_is_told()
    {
        var (email, app, recovery) = await host.NewPersonWithAppAsync(clock);
        clock.Advance(2 * AuthenticatorApp.Step);

        // A stranger does not even come to where tries are counted.
        using (var stranger = host.Browse())
        {
            for (var i = 0; i < 10; i++)
                Assert.StartsWith("/account/login", (await stranger.GetAsync(SecondFactorSteps.Page)).Location, StringComparison.Ordinal);
        }

        using var thief = host.Browse();
        await thief.ShowPasswordAsync(email);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await thief.ShowCodeAsync("000000")).Status);
        var mailbox = await TestMailbox.SharedAsync();
        string[] before = [(await mailbox.NextAsync(email)).Subject, (await mailbox.NextAsync(email)).Subject];
        Assert.Equal(["An authenticator app was added to your account", "You have new recovery codes"], before.Order(StringComparer.Ordinal));
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.TooManyRequests, (await thief.ShowCodeAsync(app.Code(clock.GetUtcNow()))).Status);
        Assert.Equal("Somebody has your password", (await mailbox.NextAsync(email)).Subject);

        // The owner still has another way, and the same one later.
        using var owner = host.Browse();
        await owner.ShowPasswordAsync(email);
        Assert.Equal(HttpStatusCode.Found, (await owner.ShowRecoveryCodeAsync(recovery[0])).Status);

        // Once, and not for each try: the next letter is another one.
        await owner.SubmitAsync("/account/security/recovery-codes");
        Assert.Equal("You have new recovery codes", (await mailbox.NextAsync(email)).Subject);
        clock.Advance(TimeSpan.FromMinutes(16));
        using var later = host.Browse();
        await later.ShowPasswordAsync(email);
        Assert.Equal(HttpStatusCode.Found, (await later.ShowCodeAsync(app.Code(clock.GetUtcNow()))).Status);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task Who_has_shown_a_password_waits_ten_minutes_and_not_over_a_change_of_it()
    {
        var (email, app, _) = await host.NewPersonWithAppAsync(clock);
        using var slow = host.Browse();
        await slow.ShowPasswordAsync(email);
        using var changed = host.Browse();
        await changed.ShowPasswordAsync(email);
        using (DatabaseTask.Administration.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<ShopUser>>();
            await users.UpdateSecurityStampAsync((await users.FindByEmailAsync(email))!);
        }

        Assert.StartsWith("/account/login", (await changed.GetAsync(SecondFactorSteps.Page)).Location, StringComparison.Ordinal);
        await slow.ShowPasswordAsync(email);
        var tab = await slow.OpenFormAsync(SecondFactorSteps.Page);
        clock.Advance(TimeSpan.FromMinutes(11));
        var late = await slow.SubmitAsync(tab with { Path = $"{tab.Path}?handler=Code" }, ("Code", app.Code(clock.GetUtcNow())));
        Assert.StartsWith("/account/login", late.Location, StringComparison.Ordinal);
        Assert.DoesNotContain("__Host-session", slow.Cookies.Keys);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task A_form_with_another_persons_key_or_one_of_an_hour_ago_sets_nothing_up()
    {
        using var attacker = host.Browse();
        await attacker.LoginAsync(await attacker.NewPersonAsync());
        var page = await attacker.GetAsync(SecondFactorSteps.Setup);
        var foreign = page.Body.Split("name=\"Setup\" value=\"")[1].Split('"')[0];
        var app = new AuthenticatorApp(page.Body.Split("secret=")[1][..32]);

        using var victim = host.Browse();
        await victim.LoginAsync(await victim.NewPersonAsync());
        var tab = await victim.OpenFormAsync(SecondFactorSteps.Setup);
        var planted = await victim.SubmitAsync(tab, ("Setup", foreign), ("Code", app.Code(clock.GetUtcNow())));
        Assert.Contains("That code is not right", planted.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task A_key_is_sealed_for_its_account_and_anew_each_month()
    {
        var (email, app, _) = await host.NewPersonWithAppAsync(clock);
        await using var context = IdentityHost.Context(host.Database);
        var cancel = TestContext.Current.CancellationToken;
        var user = await context.Users.SingleAsync(one => one.NormalizedEmail == IdentityHost.HashOf(email), cancel);
        var before = await context.Set<AuthenticatorRow>().AsNoTracking().SingleAsync(row => row.UserId == user.Id, cancel);
        var seal = host.Services.GetRequiredService<AuthenticatorSeal>();
        Assert.Equal(app.Key, seal.Open(before));
        before.UserId = Guid.NewGuid();
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => seal.Open(before));

        using var acting = DatabaseTask.Tidying.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var upkeep = host.Services.GetServices<ITidying>().OfType<FactorUpkeep>().Single();
        await upkeep.RemoveExpiredAsync(scope.ServiceProvider, clock.GetUtcNow() + TimeSpan.FromDays(29), cancel);
        Assert.Equal(before.SealedKey, (await context.Set<AuthenticatorRow>().AsNoTracking().SingleAsync(row => row.UserId == user.Id, cancel)).SealedKey);
        await upkeep.RemoveExpiredAsync(scope.ServiceProvider, clock.GetUtcNow() + TimeSpan.FromDays(31), cancel);
        var after = await context.Set<AuthenticatorRow>().AsNoTracking().SingleAsync(row => row.UserId == user.Id, cancel);
        Assert.NotEqual(before.SealedKey, after.SealedKey);
        Assert.Equal(app.Key, seal.Open(after));
    }
}
