using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>OpenID Connect Core 1.0: who is signed in, how and since when, and what a client may demand of that.</summary>
[Trait("Practice", "P01")]
public sealed class OpenIdConnectCoreTests(Replicas replicas)
{
    private const string MultiFactor = "urn:secureshop:acr:multi-factor";

    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("mobile")]
    [InlineData("storefront")]
    public async Task Section_2_an_ID_token_is_tied_to_client_request_and_session(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SignedInAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        var payload = tokens.Payload("id_token");
        Assert.Equal("ES256", tokens.Header("id_token").Text("alg"));
        Assert.Equal(
            ["acr", "amr", "at_hash", "aud", "auth_time", "exp", "iat", "iss", "name", "nonce", "sid", "sub"],
            payload.Names().Except(EngineDifferences.IdTokenClaims, StringComparer.Ordinal));
        Assert.Equal((IdentityHost.Issuer, id, person.Subject), (payload.Text("iss"), payload.Text("aud"), payload.Text("sub")));
        Assert.Equal("the-nonce", payload.Text("nonce"));
        Assert.Equal(tokens.Payload().Text("sid"), payload.Text("sid"));
    }

    [Fact]
    public async Task Section_3_1_2_1_without_openid_there_is_no_ID_token()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        Assert.False((await CodeCall.TokensAsync(client, person, "catalog.read")).TryGetProperty("id_token", out _));
    }

    [Fact]
    public async Task Section_3_1_2_1_a_guest_signs_in_and_comes_back_to_the_request()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.CreateAsync(host);
        var call = new CodeCall(client).With("login_hint", person.Email);
        var login = await call.OpenAsync(person);
        Assert.Equal("/account/login", login.Path());
        Assert.Contains(person.Email, (await person.Browser.GetAsync(login.Location!)).Body, StringComparison.Ordinal);
        var back = await person.Browser.GetAsync((await person.SignInAsync(login.Query()["returnUrl"])).Location!);
        (await call.RedeemAsync((await CodeCall.ConsentAsync(person, back)).Query()["code"])).IsGranted();
    }

    [Fact]
    public async Task Section_3_1_2_1_prompt_none_never_shows_a_page()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.CreateAsync(host);
        Assert.Equal("login_required", (await new CodeCall(client).With("prompt", "none").AnswerAsync(person))["error"]);
        await person.SignInAsync();
        Assert.NotEmpty(await new CodeCall(client).With("prompt", "none").CodeAsync(person));
    }

    [Theory]
    [InlineData("storefront", "prompt", "login")]
    [InlineData("storefront", "max_age", "0")]
    [InlineData("mobile", "prompt", "login")]
    [InlineData("mobile", "max_age", "0")]
    public async Task Section_3_1_2_1_a_fresh_sign_in_is_asked_for_once_and_cannot_be_skipped(string id, string name, string value)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SignedInAsync(host);
        var call = new CodeCall(client).With(name, value);
        var login = await call.OpenAsync(person);
        Assert.Equal("/account/login", login.Path());

        // Straight back; with a made-up word that it was done; with the mark of another browser that did sign in.
        var returnUrl = login.Query()["returnUrl"];
        Assert.Equal("/account/login", (await person.Browser.GetAsync(returnUrl)).Path());
        Assert.Equal("/account/login", (await new CodeCall(client).With(name, value).With("prompted", "true").OpenAsync(person)).Path());

        var done = await CodeCall.ConsentAsync(person, await person.Browser.GetAsync((await person.SignInAsync(returnUrl)).Location!));
        (await call.RedeemAsync(done.Query()["code"])).IsGranted();

        // It counts for that request alone.
        Assert.Equal("/account/login", (await new CodeCall(client).With(name, value).OpenAsync(person)).Path());
    }

    [Fact]
    public async Task Section_3_1_2_1_a_fresh_sign_in_at_one_browser_says_nothing_at_another()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        using var attacker = await Person.SignedInAsync(host);
        var call = new CodeCall(client).With("prompt", "login");
        var login = await call.OpenAsync(person);
        await person.SignInAsync(login.Query()["returnUrl"]);
        Assert.Equal("/account/login", (await attacker.Browser.GetAsync(await call.AddressAsync())).Path());
    }

    [Fact]
    public async Task Section_3_1_2_1_select_account_asks_as_whom_to_go_on()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        var call = new CodeCall(client).With("prompt", "select_account");
        var page = await call.OpenAsync(person);
        Assert.Equal("/account/login", page.Path());
        Assert.Equal("/account/login", (await person.Browser.GetAsync(page.Query()["returnUrl"])).Path());

        var form = await person.Browser.OpenFormAsync(page.Location!);
        var chosen = await person.Browser.PostAsync(page.Location + "&handler=Continue", (OpenForm.TokenField, form.Token));
        var back = await person.Browser.GetAsync(chosen.Location!);
        Assert.Equal(person.Subject, (await call.RedeemAsync(back.Query()["code"])).IsGranted().Payload().Text("sub"));

        // Or as somebody else.
        using var other = await Person.CreateAsync(host);
        var again = new CodeCall(client).With("prompt", "select_account");
        var returnUrl = (await again.OpenAsync(person)).Query()["returnUrl"];
        var signedIn = await person.Browser.LoginAsync(other.Email, returnUrl: returnUrl);
        Assert.Equal(other.Subject, (await again.RedeemAsync((await person.Browser.GetAsync(signedIn.Location!)).Query()["code"])).IsGranted().Payload().Text("sub"));
    }

    [Fact]
    public async Task Section_3_1_2_1_consent_is_asked_for_also_by_those_who_need_none()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        Assert.True((await new CodeCall(client).OpenAsync(person)).Query().ContainsKey("code"));
        var asked = await new CodeCall(client).With("prompt", "consent").OpenAsync(person);
        Assert.Equal("/account/consent", asked.Path());
        Assert.Equal("access_denied", (await CodeCall.ConsentAsync(person, asked, allow: false)).Query()["error"]);
        Assert.True((await new CodeCall(client).With("prompt", "consent").AnswerAsync(person)).ContainsKey("code"));
    }

    /// <summary>A consent is somebody's own: it is not carried over to who signs in after.</summary>
    [Fact]
    public async Task Section_3_1_2_4_a_consent_counts_for_its_person_and_its_request()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        using var other = await Person.CreateAsync(host);
        var asked = await new CodeCall(client).OpenAsync(person);
        var decided = await person.Browser.SubmitAsync(asked.Location!, ("answer", "allow"));
        await person.Browser.LoginAsync(other.Email);
        Assert.Equal("/account/consent", (await person.Browser.GetAsync(decided.Location!)).Path());
        Assert.Equal("/account/consent", (await new CodeCall(client, CodeCall.AllScopes + " orders.write").OpenAsync(person)).Path());
    }

    [Fact]
    public async Task Section_3_1_2_1_acr_values_ask_for_more_than_a_password()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        Assert.True((await new CodeCall(client).With("acr_values", "urn:secureshop:acr:single-factor").OpenAsync(person)).Query().ContainsKey("code"));
        Assert.True((await new CodeCall(client).With("acr_values", "urn:somebody:else").OpenAsync(person)).Query().ContainsKey("code"));
        var asked = await new CodeCall(client).With("acr_values", MultiFactor).OpenAsync(person);
        Assert.StartsWith("/account/", asked.Path(), StringComparison.Ordinal);
        Assert.StartsWith("/account/", (await person.Browser.GetAsync(asked.Query()["returnUrl"])).Path(), StringComparison.Ordinal);
        Assert.Equal("unmet_authentication_requirements", (await new CodeCall(client).With("acr_values", MultiFactor).With("prompt", "none").AnswerAsync(person))["error"]);
    }

    [Fact]
    public async Task Section_3_1_2_1_a_hint_at_another_person_gets_nothing_of_this_one()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        using var other = await Person.SignedInAsync(host);
        var mine = (await CodeCall.TokensAsync(client, person)).Text("id_token");
        var theirs = (await CodeCall.TokensAsync(client, other)).Text("id_token");
        Assert.NotEmpty(await new CodeCall(client).With("id_token_hint", mine).CodeAsync(person));
        Assert.NotEmpty(await new CodeCall(client).With("id_token_hint", mine).With("prompt", "none").CodeAsync(person));
        Assert.Equal("login_required", (await new CodeCall(client).With("id_token_hint", theirs).With("prompt", "none").AnswerAsync(person))["error"]);

        var call = new CodeCall(client).With("id_token_hint", theirs);
        var login = await call.OpenAsync(person);
        Assert.Equal("/account/login", login.Path());
        var wrong = await person.Browser.GetAsync((await person.SignInAsync(login.Query()["returnUrl"])).Location!);
        Assert.True(wrong.Path() == "/account/login" || wrong.Query()["error"] == "login_required", wrong.Location);

        var right = new CodeCall(client).With("id_token_hint", theirs);
        var returnUrl = (await right.OpenAsync(person)).Query()["returnUrl"];
        var signedIn = await person.Browser.LoginAsync(other.Email, returnUrl: returnUrl);
        Assert.True((await person.Browser.GetAsync(signedIn.Location!)).Query().ContainsKey("code"));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    public async Task Section_3_1_2_1_what_is_no_hint_is_refused(string hint)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        Assert.True((await new CodeCall(client).With("id_token_hint", hint).AnswerAsync(person)).ContainsKey("error"));
    }

    [Fact]
    public async Task Section_3_1_2_1_another_person_at_the_same_browser_is_another_session()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        using var other = await Person.CreateAsync(host);
        var first = await CodeCall.TokensAsync(client, person);
        var again = await CodeCall.TokensAsync(client, person);
        await person.Browser.LoginAsync(other.Email);
        var theirs = await CodeCall.TokensAsync(client, person);
        Assert.Equal(first.Payload().Text("sid"), again.Payload().Text("sid"));
        Assert.NotEqual(first.Payload().Text("sid"), theirs.Payload().Text("sid"));
        Assert.Equal(other.Subject, theirs.Payload().Text("sub"));
    }

    [Fact]
    public async Task Section_3_1_2_3_a_closed_account_gets_no_code()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SignedInAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        await person.DisableAsync();
        (await call.RedeemAsync(code)).IsRefused("invalid_grant");
        Assert.Equal("/account/login", (await new CodeCall(client).OpenAsync(person)).Path());
    }

    [Theory]
    [InlineData("https://evil.example/connect/authorize?client_id=mobile")]
    [InlineData("//evil.example/connect/authorize")]
    [InlineData("/\\evil.example/connect/authorize")]
    [InlineData("/connect/authorize/../../evil")]
    [InlineData("/connect/authorizeX?client_id=mobile")]
    [InlineData("~/connect/authorize")]
    [InlineData("/connect/authorize?client_id=nobody")]
    [Trait("Practice", "P23")]
    public async Task Section_3_1_2_3_sign_in_leads_to_no_address_that_this_server_did_not_make(string returnUrl)
    {
        using var person = await Person.CreateAsync(host);
        var answer = await person.SignInAsync(returnUrl);
        Assert.DoesNotContain("evil", answer.Location, StringComparison.Ordinal);
        Assert.DoesNotContain("/connect/", answer.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_post_response_mode_is_a_page_that_posts_itself_and_runs_nothing_else()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var call = new CodeCall(client).With("redirect_uri", "http://127.0.0.1:5/callback").With("response_mode", "form_post").With("state", "\"><script>alert(1)</script>");
        var page = await CodeCall.ConsentAsync(person, await call.OpenAsync(person));
        Assert.Equal((HttpStatusCode.OK, null), (page.Status, page.Location));
        Assert.Contains(EngineDifferences.FieldName("code"), page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-inline'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openid", "sub")]
    [InlineData("openid profile", "name,sub")]
    [InlineData("openid profile email", "email,email_verified,name,sub")]
    [InlineData("openid email orders.read", "email,email_verified,sub")]
    public async Task Section_5_3_userinfo_tells_what_the_scopes_allow(string scope, string names)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var token = (await CodeCall.TokensAsync(client, person, scope)).Text("access_token");
        var got = (await client.UserInfoAsync(token)).IsGranted();
        Assert.Equal(names.Split(','), got.Names());
        Assert.Equal(person.Subject, got.Text("sub"));
        Assert.Equal(got.GetRawText(), (await client.ApiAsync(HttpMethod.Post, "/connect/userinfo", token)).IsGranted().GetRawText());
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task Section_5_3_3_a_token_that_is_missing_wrong_or_in_the_address_is_401()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        var token = tokens.Text("access_token");
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(token)).Status);

        var none = await person.Browser.GetAsync("/connect/userinfo");
        Answer[] refused =
        [
            none, await person.Browser.GetAsync("/connect/userinfo?access_token=" + token), await client.UserInfoAsync("a.b.c"),
            await client.UserInfoAsync(tokens.Text("refresh_token")), await client.UserInfoAsync(token[..^4] + "AAAA"),
        ];
        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.StartsWith("Bearer", none.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_token\"", (await client.UserInfoAsync(tokens.Text("id_token"))).Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_5_3_userinfo_wants_a_token_with_openid()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host);
        var token = (await CodeCall.TokensAsync(client, person, "catalog.read")).Text("access_token");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.UserInfoAsync(token)).Status);
    }
}
