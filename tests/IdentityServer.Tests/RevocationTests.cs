namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P03")]
public sealed class RevocationTests
{
    [Fact]
    public async Task A_client_takes_its_refresh_token_back()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync()).Text("refresh_token");

        using var revoked = await RevokeAsync(browser, token, "mobile");
        using var refresh = await browser.RefreshAsync(token);

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal("invalid_grant", await refresh.ErrorAsync());
    }

    [Fact]
    public async Task Another_clients_token_lives_on_and_the_answer_does_not_tell()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync()).Text("refresh_token");

        using var others = await RevokeAsync(browser, token, "web", TestShop.WebSecret);
        using var unknown = await RevokeAsync(browser, "unknown", "web", TestShop.WebSecret);
        using var refresh = await browser.RefreshAsync(token);

        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.OK, refresh.StatusCode);
    }

    [Theory]
    [InlineData("web", "wrong", "token", null, "invalid_client")]
    [InlineData("mobile", null, null, null, "invalid_request")]
    [InlineData("mobile", null, "token", "cookie", "unsupported_token_type")]
    public async Task Bad_requests_are_refused(string client, string? secret, string? token, string? hint, string error)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await RevokeAsync(browser, token, client, secret, hint);

        Assert.Equal(error, await response.ErrorAsync());
    }

    private static Task<HttpResponseMessage> RevokeAsync(Browser browser, string? token, string client, string? secret = null, string? hint = null) =>
        browser.PostAsync("/connect/revocation",
        [
            KeyValuePair.Create("client_id", (string?)client), KeyValuePair.Create("client_secret", secret),
            KeyValuePair.Create("token", token), KeyValuePair.Create("token_type_hint", hint),
        ]);
}
