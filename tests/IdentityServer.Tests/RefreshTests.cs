namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P03")]
public sealed class RefreshTests
{
    [Fact]
    public async Task A_refresh_token_rotates()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var first = await browser.TokensAsync();

        using var response = await browser.RefreshAsync(first.Text("refresh_token"));
        var second = await response.JsonAsync();
        using var next = await browser.RefreshAsync(second.Text("refresh_token"));

        Assert.NotEqual(first.Text("refresh_token"), second.Text("refresh_token"));
        Assert.Equal("alice", Responses.Payload(second.Text("access_token")).Text("sub"));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task A_reused_refresh_token_ends_the_family()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var first = await browser.TokensAsync();
        using var rotated = await browser.RefreshAsync(first.Text("refresh_token"));
        var newest = (await rotated.JsonAsync()).Text("refresh_token");

        using var reused = await browser.RefreshAsync(first.Text("refresh_token"));
        using var after = await browser.RefreshAsync(newest);

        Assert.Equal("invalid_grant", await reused.ErrorAsync());
        Assert.Equal("invalid_grant", await after.ErrorAsync());
    }

    [Fact]
    public async Task Another_users_family_lives_on()
    {
        await using var server = await Replica.StartAsync();
        using var alice = server.OpenBrowser();
        using var bob = server.OpenBrowser();
        await alice.SignInAsync("alice");
        await bob.SignInAsync("bob");
        var stolen = (await alice.TokensAsync()).Text("refresh_token");
        var his = (await bob.TokensAsync()).Text("refresh_token");
        using var used = await alice.RefreshAsync(stolen);
        using var reused = await alice.RefreshAsync(stolen);

        using var response = await bob.RefreshAsync(his);

        Assert.Equal(HttpStatusCode.BadRequest, reused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_raced_over_replicas_never_forks()
    {
        var shared = new Shared();
        await using var one = await Replica.StartAsync(shared);
        await using var two = await Replica.StartAsync(shared);
        using var browser = one.OpenBrowser();
        using var other = two.OpenBrowser();
        await browser.SignInAsync("alice");

        for (var round = 0; round < 10; round++)
        {
            var token = (await browser.TokensAsync()).Text("refresh_token");

            var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? browser : other).RefreshAsync(token)));

            Assert.True(responses.Count(response => response.IsSuccessStatusCode) <= 1, "A refresh token forked.");
            Assert.DoesNotContain(shared.Grants.Of("refresh_token"), _ => true);
            foreach (var response in responses)
                response.Dispose();
        }
    }

    [Fact]
    public async Task Another_client_cannot_use_it_and_a_public_client_needs_no_secret()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync()).Text("refresh_token");

        using var other = await browser.RefreshAsync(token, "web", TestShop.WebSecret);
        using var right = await browser.RefreshAsync(token);

        Assert.Equal("invalid_grant", await other.ErrorAsync());
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Theory]
    [InlineData("catalog.read", HttpStatusCode.OK)]
    [InlineData("catalog.read catalog.write", HttpStatusCode.BadRequest)]
    public async Task It_may_ask_for_less_but_not_for_more(string scope, HttpStatusCode status)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync()).Text("refresh_token");

        using var response = await browser.RefreshAsync(token, scope: scope);

        Assert.Equal(status, response.StatusCode);
        if (response.IsSuccessStatusCode)
            Assert.Equal(scope, Responses.Payload((await response.JsonAsync()).Text("access_token")).Text("scope"));
    }

    [Fact]
    public async Task A_sliding_token_is_prolonged_by_use_but_ends_at_its_absolute_end()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync(AuthorizeCall.Web)).Text("refresh_token");

        var statuses = new List<HttpStatusCode>();
        foreach (var minutes in new[] { 50, 50, 15, 10 })
        {
            server.Shared.Clock.Advance(TimeSpan.FromMinutes(minutes));
            using var response = await browser.RefreshAsync(token, "web", TestShop.WebSecret);
            statuses.Add(response.StatusCode);
            if (response.IsSuccessStatusCode)
                token = (await response.JsonAsync()).Text("refresh_token");
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest], statuses);
    }

    [Fact]
    public async Task A_disabled_user_cannot_refresh_and_loses_the_family()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync()).Text("refresh_token");
        server.Shared.Inactive.Add("alice");

        using var response = await browser.RefreshAsync(token);

        Assert.Equal("invalid_grant", await response.ErrorAsync());
        Assert.Empty(server.Shared.Grants.Of("refresh_token"));
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        var tokens = await browser.TokensAsync(new AuthorizeCall { Scope = "openid catalog.read" });

        Assert.False(tokens.TryGetProperty("refresh_token", out _));
    }

}
