using System.Net.Http.Headers;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P02")]
public sealed class UserInfoTests
{
    [Fact]
    public async Task It_tells_what_the_scopes_allow()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync()).Text("access_token");

        using var response = await GetAsync(browser, token);
        using var posted = await browser.PostAsync("/connect/userinfo", [KeyValuePair.Create("access_token", (string?)token)]);

        var user = await response.JsonAsync();
        Assert.Equal(["name", "sub"], user.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("ALICE", user.Text("name"));
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
    }

    [Fact]
    public async Task A_token_that_is_missing_wrong_or_in_the_address_is_401()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var tokens = await browser.TokensAsync();
        var token = tokens.Text("access_token");

        using var none = await browser.GetAsync("/connect/userinfo");
        using var query = await browser.GetAsync("/connect/userinfo?access_token=" + token);
        using var garbage = await GetAsync(browser, "a.b.c");
        using var identity = await GetAsync(browser, tokens.Text("id_token"));
        using var tampered = await GetAsync(browser, token[..^4] + "AAAA");

        Assert.Equal("Bearer", none.Headers.WwwAuthenticate.ToString());
        foreach (var response in new[] { none, query, garbage, identity, tampered })
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", identity.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task An_expired_token_a_disabled_user_and_a_token_without_openid_are_refused()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var plain = (await browser.TokensAsync(new AuthorizeCall { Scope = "catalog.read" })).Text("access_token");
        var good = (await browser.TokensAsync()).Text("access_token");

        using var narrow = await GetAsync(browser, plain);
        server.Shared.Inactive.Add("alice");
        using var disabled = await GetAsync(browser, good);
        server.Shared.Inactive.Clear();
        using var enabled = await GetAsync(browser, good);
        server.Shared.Clock.Advance(TimeSpan.FromSeconds(301));
        using var expired = await GetAsync(browser, good);

        Assert.Equal(HttpStatusCode.Forbidden, narrow.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, disabled.StatusCode);
        Assert.Equal(HttpStatusCode.OK, enabled.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
    }

    private static async Task<HttpResponseMessage> GetAsync(Browser browser, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await browser.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
