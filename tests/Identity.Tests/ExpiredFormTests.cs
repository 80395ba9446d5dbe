using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

/// <summary>Second tabs and old forms: the person goes on, and what such a form asks for is never done.</summary>
[Trait("Practice", "P25")]
public sealed class ExpiredFormTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Session = "__Host-session";
    private const string Sentence = "Nothing was done. Please try again.";

    private readonly IdentityHost host = shared.Host;

    public static TheoryData<string, string> Spoilt => new MatrixTheoryData<string, string>(
        ["/account/login", "/account/register", "/account/logout"], ["empty", "forged", "of another browser", "of another person", "cookie lost"]);

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/account/register")]
    public async Task A_form_that_was_opened_before_signing_in_leads_on_to_the_client(string path)
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var request = new CodeRequest("openid");
        var returnUrl = await ReturnUrlAsync(browser, request);
        var first = await browser.OpenFormAsync($"{path}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await browser.LoginAsync(email);
        var session = browser.Cookies[Session];

        var back = await browser.FollowAsync(await browser.SubmitAsync(
            first, ("DisplayName", "Other Person"), ("Email", $"{Guid.NewGuid():N}@people.example"), ("Password", Browser.Password), ("ReturnUrl", returnUrl)));
        Assert.Equal(session, browser.Cookies[Session]);
        await browser.RedeemAsync(request, back);
    }

    [Theory]
    [InlineData("%00%ff")]
    [InlineData("AAAA")]
    [InlineData("!")]
    public async Task A_cookie_that_is_none_of_ours_gets_the_page_and_leaves_no_stack(string cookie)
    {
        using var browser = host.Browse();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login") { Headers = { { "Cookie", $"__Host-csrf={cookie}" } } };
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(request)).Status);
        Assert.DoesNotContain(nameof(Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException), host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(await browser.NewPersonAsync())).Status);
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/account/register")]
    public async Task Without_a_client_it_leads_home(string path)
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var first = await browser.OpenFormAsync(path);
        await browser.LoginAsync(email);
        foreach (var elsewhere in (string?[])[null, "https://evil.example/", "//evil.example", "/connect/authorize/callback?client_id=nobody"])
        {
            var page = await browser.FollowAsync(await browser.SubmitAsync(first, ("Email", email), ("Password", Browser.Password), ("ReturnUrl", elsewhere)));
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains("Hello, Test Person", page.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_old_sign_out_form_of_a_session_that_is_over_shows_that_it_is_over()
    {
        using var browser = host.Browse();
        var request = new CodeRequest("openid");
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        var tokens = await browser.RedeemAsync(request, await browser.GetAsync(request.Path));
        var asked = await browser.GetAsync(QueryHelpers.AddQueryString("/connect/endsession", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["id_token_hint"] = tokens.GetProperty("id_token").GetString(),
            ["post_logout_redirect_uri"] = "secureshop://signed-out",
        }));
        var first = await browser.OpenFormAsync(asked.Location!.PathAndQuery());
        Assert.Contains("You are signed out", (await browser.SubmitAsync("/account/logout")).Body, StringComparison.Ordinal);

        var page = await browser.FollowAsync(await browser.SubmitAsync(first, ("LogoutId", QueryHelpers.ParseQuery(asked.Location!.Query())["logoutId"])));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("You are signed out", page.Body, StringComparison.Ordinal);
        Assert.Contains("secureshop://signed-out", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_sign_out_form_does_not_sign_the_next_person_out()
    {
        using var browser = host.Browse();
        await browser.LoginAsync(await browser.NewPersonAsync());
        var first = await browser.OpenFormAsync("/account/logout");
        await browser.SubmitAsync("/account/logout");
        await browser.LoginAsync(await browser.NewPersonAsync());

        var page = await browser.FollowAsync(await browser.SubmitAsync(first));
        Assert.Contains("Sign out?", page.Body, StringComparison.Ordinal);
        Assert.Contains(Sentence, page.Body, StringComparison.Ordinal);
        Assert.Contains("Hello, Test Person", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task Nothing_is_done_without_a_token_that_holds_and_the_next_try_works(string path, string fault)
    {
        using var browser = host.Browse();
        using var other = host.Browse();
        var email = await browser.NewPersonAsync();
        if (path == "/account/logout")
            await browser.LoginAsync(email);
        var mail = path == "/account/register" ? $"{Guid.NewGuid():N}@people.example" : email;
        (string, string?)[] form = [("DisplayName", "Test Person"), ("Email", mail), ("Password", Browser.Password)];
        var tab = await browser.OpenFormAsync(path);
        var token = fault switch
        {
            "empty" => "",
            "forged" => "CfDJ8" + new string('A', 100),
            "of another browser" => (await other.OpenFormAsync("/account/login")).Token,
            "of another person" => await TokenOfAnotherAsync(other),
            _ => tab.Token,
        };
        if (fault == "cookie lost")
            browser.Forget("__Host-csrf");
        var before = browser.Cookies.GetValueOrDefault(Session);

        var page = await browser.FollowAsync(await browser.SubmitAsync(tab with { Token = token }, form));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(Sentence, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(mail, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Browser.Password, page.Body, StringComparison.Ordinal);
        Assert.Equal(before, browser.Cookies.GetValueOrDefault(Session));
        if (path == "/account/register")
            Assert.DoesNotContain(Session, (await TryAsync(mail)).Cookies.Keys);

        var again = await browser.SubmitAsync(path, form);
        Assert.Equal(path == "/account/logout" ? HttpStatusCode.OK : HttpStatusCode.Found, again.Status);
        Assert.DoesNotContain("expired=", again.Location ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_sign_in_that_was_asked_for_may_happen_in_the_other_tab()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var request = new CodeRequest("openid");
        var asked = await browser.GetAsync(request.Path + "&prompt=login");
        var returnUrl = QueryHelpers.ParseQuery(asked.Location!.Query())["returnUrl"].ToString();
        var tab = await browser.OpenFormAsync(asked.Location!.PathAndQuery());
        await browser.LoginAsync(email);
        await browser.RedeemAsync(request, await browser.FollowAsync(await browser.SubmitAsync(tab, ("ReturnUrl", returnUrl))));
    }

    [Fact]
    public async Task It_leaves_an_event_as_a_form_without_a_token_does()
    {
        using var browser = host.Browse("192.0.2.200");
        var tab = await browser.OpenFormAsync("/account/login");
        browser.Forget("__Host-csrf");
        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync(tab)).Status);
        var only = Assert.Single(host.Events.From("192.0.2.200"));
        Assert.Equal((1004, "input"), (only.Id, only["Reason"]));
    }

    [Fact]
    public async Task Where_it_leads_on_to_is_bounded()
    {
        using var browser = host.Browse();
        var tab = await browser.OpenFormAsync("/account/login");
        browser.Forget("__Host-csrf");
        var answer = await browser.SubmitAsync(tab, ("ReturnUrl", "/connect/authorize/callback?state=" + new string('%', 1500)));
        Assert.Equal("/account/login?expired=true", answer.Location);
    }

    private static async Task<string> ReturnUrlAsync(Browser browser, CodeRequest request)
        => QueryHelpers.ParseQuery((await browser.GetAsync(request.Path)).Location!.Query())["returnUrl"].ToString();

    private static async Task<string> TokenOfAnotherAsync(Browser other)
    {
        await other.LoginAsync(await other.NewPersonAsync());
        return (await other.OpenFormAsync("/account/login")).Token;
    }

    private async Task<Browser> TryAsync(string email)
    {
        var browser = host.Browse();
        await browser.LoginAsync(email);
        return browser;
    }
}
