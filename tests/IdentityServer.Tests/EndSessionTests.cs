using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P01")]
public sealed class EndSessionTests
{
    private const string Bye = "https://app.test/bye";

    [Theory]
    [InlineData(Bye, Bye + "?state=s")]
    [InlineData(Bye + "/", null)]
    [InlineData("https://evil.example", null)]
    [InlineData(null, null)]
    public async Task A_proven_client_signs_out_without_asking_and_returns_to_registered_addresses_only(string? redirect, string? expected)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var hint = (await browser.TokensAsync()).Text("id_token");
        server.Shared.Clock.Advance(TimeSpan.FromHours(1));

        var request = await LogoutAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", redirect), ("state", "s"));

        Assert.False(request.GetProperty("showSignoutPrompt").GetBoolean());
        Assert.Equal("mobile", request.Text("clientId"));
        Assert.Equal("alice", request.Text("subjectId"));
        Assert.Equal(expected, request.GetProperty("postLogoutRedirectUri").GetString());
    }

    [Fact]
    public async Task An_unproven_request_makes_the_page_ask()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        using var bobs = server.OpenBrowser();
        await browser.SignInAsync("alice");
        await bobs.SignInAsync("bob");
        var his = await bobs.TokensAsync();
        var hers = await browser.TokensAsync();

        var plain = await LogoutAsync(browser, ("post_logout_redirect_uri", Bye));
        var others = await LogoutAsync(browser, ("id_token_hint", his.Text("id_token")), ("post_logout_redirect_uri", Bye));
        var wrongKind = await LogoutAsync(browser, ("id_token_hint", hers.Text("access_token")), ("post_logout_redirect_uri", Bye));
        var otherClient = await LogoutAsync(browser, ("id_token_hint", hers.Text("id_token")), ("client_id", "web"), ("post_logout_redirect_uri", Bye));

        foreach (var request in new[] { plain, others, wrongKind, otherClient })
        {
            Assert.True(request.GetProperty("showSignoutPrompt").GetBoolean());
            Assert.Equal(JsonValueKind.Null, request.GetProperty("postLogoutRedirectUri").ValueKind);
        }
    }

    [Fact]
    public async Task Forged_messages_say_nothing()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var error = await browser.GetAsync("/error?errorId=forged");
        var logout = await browser.GetJsonAsync("/logout?logoutId=forged");

        Assert.Equal(string.Empty, await error.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(logout.GetProperty("showSignoutPrompt").GetBoolean());
    }

    private static async Task<JsonElement> LogoutAsync(Browser browser, params (string Name, string? Value)[] parameters)
    {
        using var response = await browser.GetAsync(QueryHelpers.AddQueryString(
            "/connect/endsession", parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));
        Assert.StartsWith("/logout", response.Location(), StringComparison.Ordinal);
        return await browser.GetJsonAsync(response.Location());
    }
}
