using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Factors;

/// <summary>Passkeys in a real browser, with an authenticator that the browser makes for tests.</summary>
public sealed class PasskeyTests(PasskeyHost shared, ChromiumFixture chromium) : IClassFixture<PasskeyHost>
{
    private const string Add = "/account/security/passkeys";

    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 15_000 };

    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P08")]
    public async Task Added_named_used_to_sign_in_and_removed()
    {
        await using var window = await chromium.OpenAsync(host.Address);
        var page = window.Page;
        await VirtualAuthenticator.AddAsync(page);
        var email = await SignInWithNewPasskeyAsync(page, "My phone");

        // The first factor comes with recovery codes, and is asked for from now on.
        Assert.Equal(10, await page.Locator(".codes code").CountAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await Assertions.Expect(page.GetByText("My phone")).ToBeVisibleAsync(Patient);

        await SignOutAsync(page);
        await page.GotoAsync("/account/passkey");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/");
        await page.GotoAsync("/account/security");
        await page.GetByRole(AriaRole.Link, new() { Name = "Change My phone" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Old phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Old phone")).ToBeVisibleAsync(Patient);
        await page.GetByRole(AriaRole.Link, new() { Name = "Change Old phone" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove this passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your account opens with your password alone.")).ToBeVisibleAsync(Patient);

        // It is still on the phone, and good for nothing.
        await SignOutAsync(page);
        await page.GotoAsync("/account/passkey");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("That passkey was not accepted")).ToBeVisibleAsync(Patient);
        await PasswordAsync(page, email);
        await page.WaitForURLAsync("**/");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P08")]
    public async Task The_login_page_offers_it_where_the_address_is_typed()
    {
        await using var window = await chromium.OpenAsync(host.Address);
        var page = window.Page;
        await VirtualAuthenticator.AddAsync(page);
        await SignInWithNewPasskeyAsync(page, "Laptop");
        await SignOutAsync(page);

        // The browser's list of accounts is not part of the page; the test's authenticator picks the only entry by itself.
        await page.GotoAsync("/account/login");
        await page.WaitForURLAsync("**/");
        await page.GotoAsync("/account/security");
        await Assertions.Expect(page.GetByText("Laptop")).ToBeVisibleAsync(Patient);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P07")]
    [Trait("Practice", "P08")]
    public async Task After_the_password_it_is_the_second_factor_of_its_own_account_alone()
    {
        await using var window = await chromium.OpenAsync(host.Address);
        var page = window.Page;
        await VirtualAuthenticator.AddAsync(page);
        var email = await SignInWithNewPasskeyAsync(page, "Key");
        await SignOutAsync(page);
        await PasswordAsync(page, email);
        await page.WaitForURLAsync("**/account/second-factor");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/");

        // A thief who knows another's password has a passkey of their own, and an answer of the sign-in page for it.
        using var victim = host.Browse();
        var theirs = await victim.NewPersonAsync();
        await victim.LoginAsync(theirs);
        await victim.SetUpAppAsync(shared.Clock);
        await SignOutAsync(page);
        await page.GotoAsync("/account/passkey");
        var (state, credential) = await AnswerAsync(page, "/account/passkeys/sign-in");
        await PasswordAsync(page, theirs);
        await page.WaitForURLAsync("**/account/second-factor");
        host.Events.Clear();
        await PostAsync(page, "/account/second-factor?handler=Passkey", state, credential);
        await Assertions.Expect(page.GetByText("That passkey was not accepted")).ToBeVisibleAsync(Patient);
        Assert.Contains(host.Events.All, one => one.Name == "FactorRefused" && one["Factor"] == "passkey");
        Assert.DoesNotContain((await page.Context.CookiesAsync()), cookie => cookie.Name == "__Host-session");
    }

    [Fact]
    [Trait("Practice", "P08")]
    public async Task An_answer_is_good_once_in_its_own_browser_and_for_five_minutes()
    {
        await using var window = await chromium.OpenAsync(host.Address);
        var page = window.Page;
        await VirtualAuthenticator.AddAsync(page);
        await SignInWithNewPasskeyAsync(page, "Key");
        await SignOutAsync(page);

        // Another browser, which overheard it.
        await page.GotoAsync("/account/passkey");
        var (state, credential) = await AnswerAsync(page, "/account/passkeys/sign-in");
        using (var thief = host.Browse())
            Assert.Equal(HttpStatusCode.OK, (await thief.SubmitAsync("/account/passkey", ("State", state), ("Credential", credential))).Status);

        // Its own, twice: a copy that comes at once, and one later.
        await PostAsync(page, "/account/passkey", state, credential);
        await page.WaitForURLAsync("**/");
        await SignOutAsync(page);
        await page.GotoAsync("/account/passkey");
        await PostAsync(page, "/account/passkey", state, credential);
        await Assertions.Expect(page.GetByText("That passkey was not accepted")).ToBeVisibleAsync(Patient);

        // Late.
        await page.GotoAsync("/account/passkey");
        (state, credential) = await AnswerAsync(page, "/account/passkeys/sign-in");
        shared.Clock.Advance(TimeSpan.FromMinutes(6));
        await PostAsync(page, "/account/passkey", state, credential);
        await Assertions.Expect(page.GetByText("That passkey was not accepted")).ToBeVisibleAsync(Patient);

        // Without a right answer nothing is remembered, so nobody fills the table.
        await using var context = IdentityHost.Context(host.Database);
        var spent = await context.Set<Identity.Factors.SpentChallengeRow>().CountAsync(TestContext.Current.CancellationToken);
        await PostAsync(page, "/account/passkey", state, "{}");
        Assert.Equal(spent, await context.Set<Identity.Factors.SpentChallengeRow>().CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Practice", "P08")]
    public async Task Without_a_check_of_the_person_it_is_worth_nothing()
    {
        await using var window = await chromium.OpenAsync(host.Address);
        var page = window.Page;
        var phone = await VirtualAuthenticator.AddAsync(page);
        await SignInWithNewPasskeyAsync(page, "Key");
        await SignOutAsync(page);
        await phone.VerifyAsync(false);
        await page.GotoAsync("/account/passkey");

        // The browser itself holds to what the page asks for; a page of ours that asked for less would be refused by the server.
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync(Patient);
        var (state, credential) = await AnswerAsync(page, "/account/passkeys/sign-in", "options.userVerification = 'discouraged'");
        await PostAsync(page, "/account/passkey", state, credential);
        await Assertions.Expect(page.GetByText("That passkey was not accepted")).ToBeVisibleAsync(Patient);

        await phone.VerifyAsync(true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/");
    }

    [Fact]
    [Trait("Practice", "P08")]
    public async Task A_copied_authenticator_is_found_by_its_counter()
    {
        await using var window = await chromium.OpenAsync(host.Address);
        var page = window.Page;
        var phone = await VirtualAuthenticator.AddAsync(page);
        await SignInWithNewPasskeyAsync(page, "Key");
        var copy = Assert.Single(await phone.PasskeysAsync());
        await SignOutAsync(page);
        await UseAsync();
        await page.WaitForURLAsync("**/");
        await SignOutAsync(page);
        await UseAsync();
        await page.WaitForURLAsync("**/");

        await using var elsewhere = await chromium.OpenAsync(host.Address);
        var stolen = await VirtualAuthenticator.AddAsync(elsewhere.Page);
        await stolen.TakeAsync(copy);
        await elsewhere.Page.GotoAsync("/account/passkey");
        await elsewhere.Page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(elsewhere.Page.GetByText("That passkey was not accepted")).ToBeVisibleAsync(Patient);

        async Task UseAsync()
        {
            await page.GotoAsync("/account/passkey");
            await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        }
    }

    [Fact]
    [Trait("Practice", "P08")]
    public async Task A_page_of_another_origin_of_the_same_host_gets_no_answer_that_holds()
    {
        await using var evil = await new LoopbackServer(app => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(
            app, "/", () => Microsoft.AspNetCore.Http.TypedResults.Content("<!doctype html><title>Win a lamp</title>", "text/html; charset=utf-8"))).StartAsync();
        await using var window = await chromium.OpenAsync(host.Address);
        var page = window.Page;
        await VirtualAuthenticator.AddAsync(page);
        await SignInWithNewPasskeyAsync(page, "Key");
        await SignOutAsync(page);
        await page.GotoAsync("/account/passkey");
        var challenge = await ChallengeAsync(page, "/account/passkeys/sign-in");

        // localhost at another port: the browser lets it use the passkey, for the host is the same, but says in the answer who asked.
        await page.GotoAsync($"https://localhost:{evil.Address.Port}/");
        var credential = await page.EvaluateAsync<string>($"async text => {{ const options = JSON.parse(text); return {Asking}; }}", challenge.GetProperty("options").GetRawText());
        await page.GotoAsync("/account/passkey");
        await PostAsync(page, "/account/passkey", challenge.GetProperty("state").GetString()!, credential);
        await Assertions.Expect(page.GetByText("That passkey was not accepted")).ToBeVisibleAsync(Patient);
    }

    [Fact]
    [Trait("Practice", "P08")]
    [Trait("Practice", "P25")]
    public async Task Challenges_are_for_pages_of_ours_and_new_passkeys_for_who_is_signed_in_just_now()
    {
        using var browser = host.Browse();
        foreach (var path in (string[])["/account/passkeys/sign-in", "/account/passkeys/second-factor"])
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/account/passkeys/new")).Status);
        var token = (await browser.OpenFormAsync("/account/login")).Token;
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/account/passkeys/sign-in")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync("/account/passkeys/second-factor")).Status);

        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Add)).Status);
        shared.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.StartsWith("/account/login?returnUrl=", (await browser.GetAsync(Add)).Location, StringComparison.Ordinal);

        async Task<Answer> AskAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.Add("RequestVerificationToken", token);
            return await browser.SendAsync(request);
        }
    }

    private async Task<string> SignInWithNewPasskeyAsync(IPage page, string name)
    {
        using var person = host.Browse();
        var email = await person.NewPersonAsync();
        await PasswordAsync(page, email);
        await page.WaitForURLAsync("**/");
        await page.GotoAsync(Add);
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your recovery codes" })).ToBeVisibleAsync(Patient);
        return email;
    }

    // Without the page's own script, which would have the test's authenticator sign somebody in at once.
    private static async Task PasswordAsync(IPage page, string email)
    {
        await page.RouteAsync("**/account/passkeys/sign-in", route => route.FulfillAsync(new() { Status = 204 }));
        await page.GotoAsync("/account/login?other=true");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Browser.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.UnrouteAllAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GotoAsync("/account/logout");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync(Patient);
    }

    private const string Asking = "JSON.stringify(await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }))";

    private static async Task<JsonElement> ChallengeAsync(IPage page, string path) => (await page.EvaluateAsync(
        "async path => (await fetch(path, { method: 'POST', headers: { RequestVerificationToken: document.querySelector('[name=__RequestVerificationToken]').value } })).json()", path))!.Value;

    private static async Task<(string State, string Credential)> AnswerAsync(IPage page, string path, string tamper = "")
    {
        var challenge = await ChallengeAsync(page, path);
        var credential = await page.EvaluateAsync<string>(
            $"async text => {{ const options = JSON.parse(text); {tamper}; return {Asking}; }}", challenge.GetProperty("options").GetRawText());
        return (challenge.GetProperty("state").GetString()!, credential);
    }

    // As the page's script does it, with whatever a test wants to send.
    private static Task<IResponse> PostAsync(IPage page, string action, string state, string credential) => page.RunAndWaitForResponseAsync(() => page.EvaluateAsync(
        """
        ({ action, state, credential }) => {
          const form = document.querySelector('form');
          form.action = action;
          for (const [name, value] of [['State', state], ['Credential', credential]]) {
            const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement('input'), { type: 'hidden', name }));
            field.value = value;
          }
          form.submit();
        }
        """,
        new { action, state, credential }), answer => answer.Request.Method == "POST");
}

/// <summary>A host at its issuer's address, whose time a test moves.</summary>
public sealed class PasskeyHost(PostgresFixture postgres) : IAsyncLifetime
{
    public IdentityHost Host { get; private set; } = null!;

    public TestClock Clock { get; } = new();

    public async ValueTask InitializeAsync() => Host = await IdentityHost.StartAtIssuerAsync(postgres, Clock);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
