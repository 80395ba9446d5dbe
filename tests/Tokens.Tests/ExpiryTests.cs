using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>What becomes of each thing with time.</summary>
[Trait("Practice", "P03")]
public sealed class ExpiryTests(MovedHost moved) : IClassFixture<MovedHost>
{
    private readonly IdentityHost host = moved.Host;

    [Fact]
    public async Task Rfc_6749_section_4_1_2_a_code_is_good_for_a_minute()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var (call, late) = (new CodeCall(client), new CodeCall(client));
        var (code, other) = (await call.CodeAsync(person), await late.CodeAsync(person));
        moved.Clock.Advance(TimeSpan.FromSeconds(50));
        (await call.RedeemAsync(code)).IsGranted();
        moved.Clock.Advance(TimeSpan.FromSeconds(11));
        (await late.RedeemAsync(other)).IsRefused("invalid_grant");
    }

    [Fact]
    public async Task A_code_is_good_no_longer_than_the_session_that_granted_it()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);

        // Used all day, so that it is never idle, it is good for 24 hours.
        for (var hours = 0; hours < 21; hours += 7)
        {
            moved.Clock.Advance(TimeSpan.FromHours(7));
            await person.Browser.GetAsync("/");
        }

        moved.Clock.Advance(TimeSpan.FromHours(3) - TimeSpan.FromSeconds(20));
        using var other = await Person.SignedInAsync(host);
        var (call, control) = (new CodeCall(client), new CodeCall(client));
        var (code, good) = (await call.CodeAsync(person), await control.CodeAsync(other));
        moved.Clock.Advance(TimeSpan.FromSeconds(30));
        (await call.RedeemAsync(code)).IsRefused("invalid_grant");
        (await control.RedeemAsync(good)).IsGranted();
    }

    [Fact]
    public async Task Rfc_9126_section_2_2_a_pushed_request_is_good_for_nine_minutes()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        var (address, late) = (await new CodeCall(client).AddressAsync(), await new CodeCall(client).AddressAsync());
        moved.Clock.Advance(TimeSpan.FromMinutes(8));
        Assert.True((await person.Browser.GetAsync(address)).Query().ContainsKey("code"));
        moved.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.DoesNotContain("code=", (await person.Browser.GetAsync(late)).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rfc_8628_section_3_5_a_device_waits_for_ten_minutes()
    {
        using var client = OAuthClient.Cli(host);
        using var person = await Person.SignedInAsync(host);
        var device = await Rfc8628Tests.BeginAsync(client);
        moved.Clock.Advance(TimeSpan.FromMinutes(11));
        (await Rfc8628Tests.PollAsync(client, device)).IsRefused("expired_token");
        Assert.DoesNotContain("SecureShop command line", (await person.Browser.GetAsync(device.Text("verification_uri_complete").PathAndQuery())).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rfc_9068_section_2_2_an_access_token_is_good_for_five_minutes()
    {
        using var client = OAuthClient.Mobile(host);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SignedInAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("access_token");
        Assert.True((await api.IntrospectAsync(token)).IsGranted().GetProperty("active").GetBoolean());
        moved.Clock.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(token)).Status);
        Assert.False((await api.IntrospectAsync(token)).IsGranted().GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Rfc_9700_section_4_14_2_a_rotating_one_dies_unused_in_a_week_and_used_in_thirty_days()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var unused = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        var used = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        foreach (var days in (int[])[6, 6, 6, 6, 5])
        {
            moved.Clock.Advance(TimeSpan.FromDays(days));
            used = (await client.RefreshAsync(used)).IsGranted().Text("refresh_token");
        }

        (await client.RefreshAsync(unused)).IsRefused("invalid_grant");
        moved.Clock.Advance(TimeSpan.FromDays(2));
        (await client.RefreshAsync(used)).IsRefused("invalid_grant");
    }

    [Theory]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    public async Task Fapi_2_section_5_3_2_1_a_bound_one_stays_good_for_thirty_days(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SignedInAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        moved.Clock.Advance(TimeSpan.FromDays(29));
        (await client.RefreshAsync(token)).IsGranted();
        moved.Clock.Advance(TimeSpan.FromDays(2));
        (await client.RefreshAsync(token)).IsRefused("invalid_grant");
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task Rfc_9449_section_8_a_nonce_is_good_for_five_minutes()
    {
        using var client = OAuthClient.Partner(host);
        (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted();
        moved.Clock.Advance(TimeSpan.FromMinutes(6));
        var late = await client.PostAsync("/connect/token", [("grant_type", "client_credentials")], proof: client.Proof(HttpMethod.Post, "/connect/token").Write());
        late.IsRefused("use_dpop_nonce");
        (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted();
    }

    [Fact]
    public async Task OpenID_Connect_Core_3_1_2_1_max_age_sends_an_old_sign_in_to_the_login_page()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        moved.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.True((await new CodeCall(client).With("max_age", "200").OpenAsync(person)).Query().ContainsKey("code"));
        Assert.Equal("login_required", (await new CodeCall(client).With("max_age", "60").With("prompt", "none").AnswerAsync(person))["error"]);
        var call = new CodeCall(client).With("max_age", "60");
        var login = await call.OpenAsync(person);
        Assert.Equal("/account/login", login.Path());
        var back = await person.Browser.GetAsync((await person.SignInAsync(login.Query()["returnUrl"])).Location!);
        var tokens = (await call.RedeemAsync(back.Query()["code"])).IsGranted();
        Assert.InRange(client.Now.ToUnixTimeSeconds() - tokens.Payload("id_token").GetProperty("auth_time").GetInt64(), 0, 10);
    }

    [Fact]
    public async Task Rp_initiated_logout_2_an_ID_token_that_has_ended_is_still_a_hint()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        var hint = (await CodeCall.TokensAsync(client, person)).Text("id_token");
        moved.Clock.Advance(TimeSpan.FromHours(1));
        var asked = await person.Browser.GetAsync("/connect/endsession?id_token_hint=" + hint);
        Assert.Equal("/account/logout", asked.Path());
    }
}
