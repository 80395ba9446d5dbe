using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

public sealed class SignInFlowTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P01")]
    [Trait("Practice", "P03")]
    public async Task A_new_customer_registers_signs_in_and_gets_a_token_with_exactly_the_expected_claims()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var answer = await browser.TokensAsync(email);

        var token = new JsonWebToken(answer.GetProperty("access_token").GetString());
        Assert.Equal("ES256", token.Alg);
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal(IdentityHost.Issuer, token.Issuer);
        Assert.Equal(["catalog", "orders"], token.Audiences.Order());
        Assert.Equal("mobile", token.GetClaim("client_id").Value);
        Assert.Equal("customer", token.GetClaim("role").Value);
        Assert.True(Guid.TryParse(token.Subject, out _));
        Assert.Equal(
            ["catalog.read", "offline_access", "openid", "orders.read", "orders.write", "profile"],
            Assert.Single(token.Claims, c => c.Type == "scope").Value.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromMinutes(5), token.ValidTo - token.IssuedAt);
        Assert.DoesNotContain(email, token.Claims.Select(c => c.Value));
        Assert.InRange(answer.GetProperty("expires_in").GetInt32(), 298, 300);

        var identity = new JsonWebToken(answer.GetProperty("id_token").GetString());
        Assert.Equal(token.Subject, identity.Subject);
    }

    [Fact]
    [Trait("Practice", "P03")]
    public async Task A_refresh_token_works_once()
    {
        using var browser = host.Browse();
        var first = await browser.TokensAsync(await browser.NewPersonAsync());
        (string, string?)[] Refresh(string? token) => [("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", token)];

        var used = first.GetProperty("refresh_token").GetString();
        var second = await browser.PostAsync("/connect/token", Refresh(used));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        var again = await browser.PostAsync("/connect/token", Refresh(used));
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Equal("invalid_grant", again.Json().GetProperty("error").GetString());
    }

    [Fact]
    [Trait("Practice", "P01")]
    public async Task A_code_is_redeemed_once_even_when_copies_race()
    {
        using var browser = host.Browse();
        await browser.LoginAsync(await browser.NewPersonAsync());
        var request = new CodeRequest("openid catalog.read");
        var back = await browser.AllowAsync(await browser.GetAsync(request.Path));
        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Location!.Query())["code"].ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.PostAsync("/connect/token", request.Redeem(code))));
        Assert.True(answers.Count(a => a.Status == HttpStatusCode.OK) <= 1);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal(HttpStatusCode.BadRequest, a.Status));
    }

    [Fact]
    [Trait("Practice", "P25")]
    public async Task A_post_without_its_antiforgery_token_changes_nothing()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        foreach (var page in (string[])["/account/login", "/account/register", "/account/logout"])
        {
            var bare = await browser.PostAsync(page, ("Email", email), ("Password", Browser.Password), ("DisplayName", "X"));
            Assert.Equal(HttpStatusCode.BadRequest, bare.Status);
        }

        Assert.DoesNotContain("__Host-session", browser.Cookies.Keys);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        Assert.Contains("__Host-session", browser.Cookies.Keys);
    }

    [Fact]
    [Trait("Practice", "P25")]
    public async Task Sign_out_needs_a_post_and_ends_the_session()
    {
        using var browser = host.Browse();
        await browser.LoginAsync(await browser.NewPersonAsync());
        Assert.Contains("Sign out?", (await browser.GetAsync("/account/logout")).Body, StringComparison.Ordinal);
        Assert.Contains("Hello, Test Person", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);

        var done = await browser.SubmitAsync("/account/logout");
        Assert.Contains("You are signed out", done.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/connect/authorize/callback/../../evil")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/account/register")]
    [InlineData("/connect/authorize/callback?client_id=nobody")]
    public async Task Sign_in_never_leads_to_an_address_that_the_token_server_did_not_make(string returnUrl)
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var answer = await browser.LoginAsync(email, returnUrl: returnUrl);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal("/", answer.Location);
    }

    [Fact]
    [Trait("Practice", "P25")]
    public async Task Cookies_are_bound_to_this_host_and_unreadable_to_scripts()
    {
        using var browser = host.Browse();
        await browser.LoginAsync(await browser.NewPersonAsync());
        Assert.NotEmpty(browser.SetCookies);
        Assert.All(browser.SetCookies, cookie =>
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("; samesite=(lax|strict)", cookie.ToLowerInvariant());
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Each_sign_in_makes_a_new_session()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await browser.LoginAsync(email);
        var before = browser.Cookies["__Host-session"];
        await browser.LoginAsync(email);
        Assert.NotEqual(before, browser.Cookies["__Host-session"]);
    }
}
