using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P01")]
public sealed class LoginTests
{
    [Fact]
    public async Task Who_is_not_signed_in_goes_to_the_login_page_and_comes_back_with_a_code()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var first = await browser.AuthorizeAsync(new AuthorizeCall().With("login_hint", "alice"));
        var page = await browser.GetJsonAsync(first.Location());
        await browser.SignInAsync("alice");
        using var back = await browser.GetAsync(ReturnUrl(first));

        Assert.StartsWith("/login?ReturnUrl=", first.Location(), StringComparison.Ordinal);
        Assert.True(page.GetProperty("valid").GetBoolean());
        Assert.Equal("mobile", page.Text("client"));
        Assert.Equal("alice", page.Text("hint"));
        Assert.NotEmpty(back.Answer()["code"]);
    }

    [Fact]
    public async Task Prompt_none_never_shows_a_page()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var guest = await browser.AuthorizeAsync(new AuthorizeCall().With("prompt", "none"));
        await browser.SignInAsync("alice");
        using var user = await browser.AuthorizeAsync(new AuthorizeCall().With("prompt", "none"));

        Assert.Equal("login_required", guest.Answer()["error"]);
        Assert.NotEmpty(user.Answer()["code"]);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "select_account")]
    [InlineData("max_age", "0")]
    public async Task A_fresh_sign_in_is_asked_once_and_cannot_be_skipped(string name, string value)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        server.Shared.Clock.Advance(TimeSpan.FromMinutes(5));
        var call = new AuthorizeCall().With(name, value);

        using var first = await browser.AuthorizeAsync(call);
        using var skipped = await browser.GetAsync(ReturnUrl(first));
        using var forged = await browser.AuthorizeAsync(call.With("prompted", "anything"));
        server.Shared.Clock.Advance(TimeSpan.FromSeconds(30));
        await browser.SignInAsync("alice");
        using var done = await browser.GetAsync(ReturnUrl(first));

        Assert.StartsWith("/login?", first.Location(), StringComparison.Ordinal);
        Assert.StartsWith("/login?", skipped.Location(), StringComparison.Ordinal);
        Assert.StartsWith("/login?", forged.Location(), StringComparison.Ordinal);
        Assert.NotEmpty(done.Answer()["code"]);
    }

    [Fact]
    public async Task Max_age_sends_an_old_sign_in_to_the_login_page()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        server.Shared.Clock.Advance(TimeSpan.FromSeconds(100));

        using var young = await browser.AuthorizeAsync(new AuthorizeCall().With("max_age", "200"));
        using var old = await browser.AuthorizeAsync(new AuthorizeCall().With("max_age", "60"));

        Assert.NotEmpty(young.Answer()["code"]);
        Assert.StartsWith("/login?", old.Location(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_user_gets_no_code()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        server.Shared.Inactive.Add("alice");

        using var response = await browser.AuthorizeAsync(new AuthorizeCall());

        Assert.StartsWith("/login?", response.Location(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/connect/authorize/callback?client_id=mobile")]
    [InlineData("//evil.example/connect/authorize/callback")]
    [InlineData("/\\evil.example/connect/authorize/callback")]
    [InlineData("/connect/authorize/callback/../../evil")]
    [InlineData("/connect/authorizeX?client_id=mobile")]
    [InlineData("~/connect/authorize")]
    [InlineData("/connect/authorize\n?client_id=mobile")]
    [InlineData("/account")]
    public async Task Other_return_addresses_are_not_ours(string returnUrl)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        var page = await browser.GetJsonAsync(QueryHelpers.AddQueryString("/login", "ReturnUrl", returnUrl));

        Assert.False(page.GetProperty("valid").GetBoolean());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("client").ValueKind);
    }

    [Fact]
    public async Task Another_user_in_the_same_browser_gets_another_session()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        await browser.SignInAsync("alice");
        var first = Sid(await browser.TokensAsync());
        await browser.SignInAsync("alice");
        var again = Sid(await browser.TokensAsync());
        await browser.SignInAsync("bob");
        var other = Sid(await browser.TokensAsync());

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    private static string Sid(JsonElement tokens) => Responses.Payload(tokens.Text("id_token")).Text("sid");

    private static string ReturnUrl(HttpResponseMessage login) => login.Answer()["ReturnUrl"];
}
