using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

/// <summary>What the sign-in page asks of whom, and that it works without its script.</summary>
public sealed partial class LoginPageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P01")]
    public async Task A_client_that_wants_a_fresh_sign_in_gets_one_with_the_address_filled_in()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        var request = new CodeRequest("openid");
        var asked = await browser.GetAsync(request.Path + "&prompt=login");
        var login = asked.Location!.PathAndQuery();
        Assert.StartsWith("/account/login?", login, StringComparison.Ordinal);

        var page = await browser.GetAsync(login);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Is it still you?", page.Body, StringComparison.Ordinal);
        Assert.Equal(email, EmailOf(page));

        // Opening it again answers nothing.
        var returnUrl = QueryHelpers.ParseQuery(login.Query())["returnUrl"].ToString();
        Assert.StartsWith("/account/login?", (await browser.GetAsync(returnUrl)).Location!.PathAndQuery(), StringComparison.Ordinal);
        var signedIn = await browser.SubmitAsync(login, ("Email", email), ("Password", Browser.Password), ("ReturnUrl", returnUrl));
        await browser.RedeemAsync(request, await browser.GetAsync(signedIn.Location!));
    }

    [Fact]
    [Trait("Practice", "P01")]
    public async Task A_client_that_asks_for_the_choice_of_an_account_gets_the_one_that_was_chosen()
    {
        using var browser = host.Browse();
        var first = await browser.NewPersonAsync();
        var second = await browser.NewPersonAsync();
        await browser.LoginAsync(first);
        var request = new CodeRequest("openid email");

        var (login, returnUrl) = await AskAsync(browser, request.Path + "&prompt=select_account");
        var page = await browser.GetAsync(login);
        Assert.Contains("You are Test Person", page.Body, StringComparison.Ordinal);
        Assert.Contains(first, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"password\"", page.Body, StringComparison.Ordinal);
        var chosen = await browser.SubmitAsync(login + "&handler=Continue", ("ReturnUrl", returnUrl));
        await browser.RedeemAsync(request, await browser.GetAsync(chosen.Location!));

        request = new CodeRequest("openid email");
        (login, returnUrl) = await AskAsync(browser, request.Path + "&prompt=select_account");
        var other = Link().Match((await browser.GetAsync(login)).Body).Groups["link"].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        Assert.Null(EmailOf(await browser.GetAsync(other)));
        var signedIn = await browser.SubmitAsync(other, ("Email", second), ("Password", Browser.Password), ("ReturnUrl", returnUrl));
        await browser.RedeemAsync(request, await browser.GetAsync(signedIn.Location!));
        Assert.Contains(second, (await browser.GetAsync("/account/login")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_signed_in_and_comes_by_is_asked_as_whom_to_go_on()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        Assert.Contains("type=\"password\"", (await browser.GetAsync("/account/login")).Body, StringComparison.Ordinal);
        await browser.LoginAsync(email);
        var page = await browser.GetAsync("/account/login");
        Assert.Contains("You are Test Person", page.Body, StringComparison.Ordinal);
        Assert.Contains("<title>Choose an account - SecureShop</title>", page.Body, StringComparison.Ordinal);
        Assert.Equal("/", (await browser.SubmitAsync("/account/login?handler=Continue")).Location);
    }

    [Fact]
    [Trait("Practice", "P07")]
    public async Task A_client_that_wants_more_than_a_password_leads_on_to_the_second_factor()
    {
        using var browser = host.Browse();
        await browser.LoginAsync(await browser.NewPersonAsync());
        var (login, returnUrl) = await AskAsync(browser, new CodeRequest("openid").Path + "&acr_values=urn:secureshop:acr:multi-factor");
        if (login.StartsWith("/account/login?", StringComparison.Ordinal))
            login = (await browser.GetAsync(login)).Location!;
        Assert.StartsWith("/account/second-factor?", login, StringComparison.Ordinal);
        Assert.Equal(returnUrl, QueryHelpers.ParseQuery(login.Query())["returnUrl"]);
    }

    [Theory]
    [InlineData("somebody@people.example", "somebody@people.example")]
    [InlineData("+1 555 0100", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("\"><script>alert(1)</script>@people.example", "\"><script>alert(1)</script>@people.example")]
    [Trait("Practice", "P24")]
    public async Task A_hint_fills_the_address_in_where_it_can_be_one(string hint, string? filled)
    {
        using var browser = host.Browse();
        var (login, _) = await AskAsync(browser, new CodeRequest("openid").Path + "&login_hint=" + Uri.EscapeDataString(hint));
        var page = await browser.GetAsync(login);
        Assert.Equal(filled, EmailOf(page));
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task The_form_works_without_its_script_which_is_a_file_of_ours_and_the_only_kind_that_runs()
    {
        using var browser = host.Browse();
        var page = await browser.GetAsync("/account/login");
        Assert.Contains("autocomplete=\"username webauthn\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"current-password\"", page.Body, StringComparison.Ordinal);
        var policy = page.Headers["Content-Security-Policy"];
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.All(Scripts().Matches(page.Body).Select(script => script.Value), script => Assert.Matches(" src=\"/assets/[0-9a-f]{12}/[a-z-]+\\.js\"", script));

        var asset = await browser.GetAsync(Source().Match(page.Body).Groups["path"].Value);
        Assert.Equal(HttpStatusCode.OK, asset.Status);
        Assert.StartsWith("text/javascript", asset.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("nosniff", asset.Headers["X-Content-Type-Options"]);
    }

    private static async Task<(string Login, string ReturnUrl)> AskAsync(Browser browser, string path)
    {
        var asked = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Found, asked.Status);
        var login = asked.Location!.PathAndQuery();
        return (login, QueryHelpers.ParseQuery(login.Query())["returnUrl"].ToString());
    }

    private static string? EmailOf(Answer page) => Email().Match(page.Body) is { Success: true } match && match.Groups["value"].Value is { Length: > 0 } value
        ? WebUtility.HtmlDecode(value)
        : null;

    [GeneratedRegex("id=\"Email\"[^>]* value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Email();

    [GeneratedRegex("class=\"button second\" href=\"(?<link>/account/login[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("<script[^>]*>", RegexOptions.ExplicitCapture)]
    private static partial Regex Scripts();

    [GeneratedRegex("src=\"(?<path>/assets/[0-9a-f]+/show-password\\.js)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Source();
}
