using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests;

/// <summary>OpenID Connect RP-Initiated Logout 1.0 and Back-Channel Logout 1.0.</summary>
[Trait("Practice", "P43")]
public sealed class LogoutTests(Replicas replicas)
{
    private const string Back = Replicas.ShopOrigin + "/signout-callback-oidc";

    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("storefront", Back, true)]
    [InlineData("mobile", "secureshop://signed-out", true)]
    [InlineData("storefront", Back + "/", false)]
    [InlineData("storefront", "https://evil.example", false)]
    [InlineData("storefront", "secureshop://signed-out", false)]
    [InlineData("storefront", null, false)]
    public async Task Rp_initiated_2_the_person_signs_out_and_returns_to_registered_addresses_alone(string id, string? redirect, bool returns)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SignedInAsync(host);
        var hint = (await CodeCall.TokensAsync(client, person)).Text("id_token");
        var asked = await AskAsync(person, ("id_token_hint", hint), ("client_id", id), ("post_logout_redirect_uri", redirect), ("state", "s t"));
        if (redirect is not null && !returns)
        {
            Assert.DoesNotContain("evil.example", (await person.Browser.FollowAsync(asked)).Body, StringComparison.Ordinal);
            if (asked.Path() == "/error")
                return;
        }

        Assert.Equal("/account/logout", asked.Path());
        var done = await person.Browser.SubmitAsync(asked.Location!);
        Assert.Equal(returns ? redirect + "?state=s%20t" : null, done.Location);
        Assert.Equal("login_required", (await new CodeCall(OAuthClient.Storefront(host)).With("prompt", "none").AnswerAsync(person))["error"]);
    }

    /// <summary>A link or an image on another site ends no session.</summary>
    [Fact]
    [Trait("Practice", "P25")]
    public async Task Rp_initiated_2_nobody_is_signed_out_without_being_asked()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        using var other = await Person.SignedInAsync(host);
        var tokens = await CodeCall.TokensAsync(client, other);
        foreach (var hint in (string?[])[null, tokens.Text("id_token")])
            await person.Browser.FollowAsync(await AskAsync(person, ("id_token_hint", hint), ("client_id", "storefront"), ("post_logout_redirect_uri", Back)));
        Assert.NotEmpty(await new CodeCall(client).With("prompt", "none").CodeAsync(person));
    }

    [Fact]
    public async Task Rp_initiated_2_what_is_no_hint_and_a_forged_wish_lead_nowhere()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        foreach (var asked in (Answer[])
        [
            await AskAsync(person, ("id_token_hint", tokens.Text("access_token")), ("post_logout_redirect_uri", "https://evil.example")),
            await AskAsync(person, ("id_token_hint", tokens.Text("id_token")), ("client_id", "mobile"), ("post_logout_redirect_uri", Back)),
        ])
            Assert.True(asked.Path() == "/error" || !(await person.Browser.GetAsync(asked.Location!)).Body.Contains("https://", StringComparison.Ordinal), asked.Location);
        var forged = await person.Browser.SubmitAsync("/account/logout?logoutId=forged");
        Assert.Equal((HttpStatusCode.OK, null), (forged.Status, forged.Location));
    }

    /// <summary>With the session ends all that it has granted, and a cookie that somebody has copied.</summary>
    [Theory]
    [InlineData("mobile")]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    public async Task Sign_out_ends_what_the_session_granted(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var api = OAuthClient.OrdersApi(host);
        using var person = await Person.SignedInAsync(host);
        using var elsewhere = host.Browse();
        await elsewhere.LoginAsync(person.Email);
        using var thief = replicas.Two.Browse();
        thief.Take(person.Browser);
        var tokens = await CodeCall.TokensAsync(client, person);
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);

        await person.Browser.SubmitAsync("/account/logout");
        (await client.RefreshAsync(tokens.Text("refresh_token"))).IsRefused("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
        Assert.False((await api.IntrospectAsync(tokens.Text("access_token"))).IsGranted().GetProperty("active").GetBoolean());
        using var storefront = OAuthClient.Storefront(host);
        Assert.Equal("login_required", (await thief.GetAsync(await new CodeCall(storefront).With("prompt", "none").AddressAsync())).Query()["error"]);

        // The same person's other browser goes on.
        Assert.True((await elsewhere.GetAsync(await new CodeCall(storefront).With("prompt", "none").AddressAsync())).Query().ContainsKey("code"));
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("storefront")]
    public async Task Sign_out_ends_a_code_that_waits(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SignedInAsync(host);
        using var other = await Person.SignedInAsync(host);
        var (call, control) = (new CodeCall(client), new CodeCall(client));
        var (code, good) = (await call.CodeAsync(person), await control.CodeAsync(other));
        await person.Browser.SubmitAsync("/account/logout");
        (await call.RedeemAsync(code)).IsRefused("invalid_grant");
        (await control.RedeemAsync(good)).IsGranted();
    }

    [Fact]
    public async Task Sign_out_ends_a_device_that_was_let_in_and_has_no_token_yet()
    {
        using var client = OAuthClient.Cli(host);
        using var person = await Person.SignedInAsync(host);
        using var other = await Person.SignedInAsync(host);
        var (device, control) = (await Rfc8628Tests.BeginAsync(client), await Rfc8628Tests.BeginAsync(client));
        await Rfc8628Tests.DecideAsync(person, device, allow: true);
        await Rfc8628Tests.DecideAsync(other, control, allow: true);
        await person.Browser.SubmitAsync("/account/logout");
        (await Rfc8628Tests.PollAsync(client, device)).IsRefused("invalid_grant");
        (await Rfc8628Tests.PollAsync(client, control)).IsGranted();
    }

    [Fact]
    public async Task Back_channel_2_a_client_is_told_by_a_signed_token()
    {
        var told = new BlockingCollection<string>();
        await using var shop = await new LoopbackServer(app => app.MapPost("/ended", async (HttpRequest request) =>
        {
            told.Add((await request.ReadFormAsync())["logout_token"].ToString());
            return Results.Ok();
        })).StartAsync();
        await using var own = await replicas.StartAsync(TimeProvider.System, ("Clients:StorefrontBackChannel", new Uri(shop.Address, "/ended").AbsoluteUri));
        using var client = OAuthClient.Storefront(own);
        using var person = await Person.SignedInAsync(own);
        var sid = (await CodeCall.TokensAsync(client, person)).Payload().Text("sid");
        await person.Browser.SubmitAsync("/account/logout");

        Assert.True(told.TryTake(out var token, TimeSpan.FromSeconds(10)), "The client was not told.");
        var keys = (await person.Browser.GetAsync("/.well-known/openid-configuration/jwks")).Body;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = IdentityHost.Issuer,
            ValidAudience = "storefront",
            ValidTypes = ["logout+jwt"],
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = new JsonWebKeySet(keys).GetSigningKeys(),
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        var payload = Reading.Part(token!, 1);
        Assert.Equal((person.Subject, sid), (payload.Text("sub"), payload.Text("sid")));
        Assert.Equal(["http://schemas.openid.net/event/backchannel-logout"], payload.GetProperty("events").Names());
        Assert.NotEmpty(payload.Text("jti"));
        Assert.False(payload.TryGetProperty("nonce", out _));
    }

    private static Task<Answer> AskAsync(Person person, params (string Name, string? Value)[] parameters)
        => person.Browser.GetAsync(QueryHelpers.AddQueryString(
            "/connect/endsession", parameters.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));
}
