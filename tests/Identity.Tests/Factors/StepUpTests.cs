using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.Browsing;
using SecureShop.Database.Seeding;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Factors;

/// <summary>More than a password, where a client or a role asks for it (RFC 9470); and what keeps the factors themselves from being taken away.</summary>
public sealed class StepUpTests(ClockedHost shared) : IClassFixture<ClockedHost>
{
    private const string StrongOnly = "&acr_values=" + Acr.MultiFactor;

    private readonly IdentityHost host = shared.Host;
    private readonly TestClock clock = shared.Clock;

    [Fact]
    [Trait("Practice", "P07")]
    public async Task Who_has_no_factor_yet_is_led_to_set_one_up_and_on()
    {
        using var browser = host.Browse();
        await browser.LoginAsync(await browser.NewPersonAsync());
        var request = new CodeRequest("openid catalog.read");
        var led = await browser.FollowAsync(await browser.GetAsync(request.Path + StrongOnly));
        Assert.Contains("your account has none yet", led.Body, StringComparison.Ordinal);
        var setup = WebUtility.HtmlDecode(led.Body.Split("href=\"/account/security/authenticator")[1].Split('"')[0]);
        var returnUrl = QueryHelpers.ParseQuery(setup)["returnUrl"].ToString();
        await browser.SetUpAppAsync(clock, returnUrl);
        var token = IdToken(await browser.RedeemAsync(request, await browser.GetAsync(returnUrl)));
        Assert.Equal(Acr.MultiFactor, token.GetClaim("acr").Value);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task A_session_is_led_to_more_and_tokens_say_what_was_shown_and_when()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var weak = IdToken(await browser.TokensAsync(email));
        Assert.Equal(Acr.SingleFactor, weak.GetClaim("acr").Value);

        // The factor comes from another device, so this session has shown a password alone.
        using var phone = host.Browse();
        await phone.LoginAsync(email);
        var (app, _) = await phone.SetUpAppAsync(clock);
        clock.Advance(TimeSpan.FromMinutes(2));
        var request = new CodeRequest("openid catalog.read");
        var asked = await browser.GetAsync(request.Path + StrongOnly);
        var returnUrl = QueryHelpers.ParseQuery(asked.Location!.Query())["returnUrl"].ToString();
        var page = await browser.FollowAsync(asked);
        Assert.Contains("Confirm that it is you", page.Body, StringComparison.Ordinal);

        // Not by asking again, nor by a wrong code.
        Assert.StartsWith("/account/", (await browser.GetAsync(returnUrl)).Location!.PathAndQuery(), StringComparison.Ordinal);
        await browser.ShowCodeAsync("000000");
        Assert.StartsWith("/account/", (await browser.GetAsync(returnUrl)).Location!.PathAndQuery(), StringComparison.Ordinal);
        await browser.ShowCodeAsync(app.Code(clock.GetUtcNow()));
        var strong = IdToken(await browser.RedeemAsync(request, await browser.GetAsync(returnUrl)));
        Assert.Equal(Acr.MultiFactor, strong.GetClaim("acr").Value);
        Assert.Equal(["mfa", "otp", "pwd"], strong.Claims.Where(claim => claim.Type == "amr").Select(claim => claim.Value).Order(StringComparer.Ordinal));
        Assert.InRange(long.Parse(strong.GetClaim("auth_time").Value, System.Globalization.CultureInfo.InvariantCulture) - clock.GetUtcNow().ToUnixTimeSeconds(), -5, 0);
        Assert.Equal(weak.GetClaim("sid").Value, strong.GetClaim("sid").Value);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task Demo_users_of_support_and_administration_act_with_the_app_they_are_made_with()
    {
        var app = new AuthenticatorApp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        var cancel = TestContext.Current.CancellationToken;
        await IdentitySeed.SeedAsync(
            host.Services,
            new Dictionary<string, DemoSecrets>(StringComparer.Ordinal) { ["adam"] = new("unrelated lantern of adam", app.Key), ["bob"] = new("unrelated lantern of bob") }, cancel);
        Assert.Equal([DemoUsers.Susan, DemoUsers.Adam], DemoUsers.All.Where(user => user.HasAuthenticator));

        using var browser = host.Browse();
        await browser.ShowPasswordAsync(DemoUsers.Adam.Email, "unrelated lantern of adam");
        clock.Advance(AuthenticatorApp.Step);
        Assert.Equal(HttpStatusCode.Found, (await browser.ShowCodeAsync(app.Code(clock.GetUtcNow()))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/admin/users")).Status);

        // An administrator stays one with a second factor.
        var kept = await browser.SubmitAsync(await browser.OpenFormAsync(SecondFactorSteps.Setup) with { Path = $"{SecondFactorSteps.Setup}?handler=Remove" });
        Assert.Contains("your role in the shop needs one", kept.Body, StringComparison.Ordinal);
        Assert.Contains(host.Events.All, one => one.Name == "FactorKept");

        // Seeded again, nothing changes.
        clock.Advance(AuthenticatorApp.Step);
        await IdentitySeed.SeedAsync(host.Services, new Dictionary<string, DemoSecrets>(StringComparer.Ordinal) { ["adam"] = new("unrelated lantern of adam", app.Key) }, cancel);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/admin/users")).Status);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task Factors_are_changed_by_who_has_just_shown_one()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        using var weak = host.Browse();
        await weak.LoginAsync(email);
        var (app, _) = await browser.SetUpAppAsync(clock);

        // A session from before, which has shown a password alone: fresh, and not enough.
        foreach (var path in (string[])[SecondFactorSteps.Setup, "/account/security/passkeys", "/account/security/recovery-codes"])
            Assert.StartsWith(SecondFactorSteps.Page, (await weak.GetAsync(path)).Location, StringComparison.Ordinal);

        var tab = await browser.OpenFormAsync(SecondFactorSteps.Setup);
        clock.Advance(TimeSpan.FromMinutes(11));
        var late = await browser.SubmitAsync(tab with { Path = $"{tab.Path}?handler=Remove" });
        Assert.StartsWith(SecondFactorSteps.Page, late.Location, StringComparison.Ordinal);
        await browser.ShowCodeAsync(app.Code(clock.GetUtcNow()));
        tab = await browser.OpenFormAsync(SecondFactorSteps.Setup);
        Assert.StartsWith("/account/security", (await browser.SubmitAsync(tab with { Path = $"{tab.Path}?handler=Remove" })).Location, StringComparison.Ordinal);

        using var after = host.Browse();
        Assert.Equal("/", (await after.LoginAsync(email)).Location);
    }

    private static JsonWebToken IdToken(JsonElement tokens) => new(tokens.GetProperty("id_token").GetString());
}
