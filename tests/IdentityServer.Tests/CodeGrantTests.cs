namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P01")]
public sealed class CodeGrantTests
{
    public static TheoryData<string, string?> Spoilers => new()
    {
        { "code", null },
        { "code", "wrong" },
        { "code", new string('x', 101) },
        { "redirect_uri", null },
        { "redirect_uri", TestShop.AppScheme },
        { "code_verifier", null },
        { "code_verifier", "short" },
        { "code_verifier", new string('a', 43) },
        { "code_verifier", new string('a', 129) },
    };

    [Theory]
    [MemberData(nameof(Spoilers))]
    public async Task A_spoiled_exchange_is_refused(string name, string? value)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var call = new AuthorizeCall();
        var form = Form(call, await browser.CodeAsync(call));
        form[name] = value;

        using var response = await browser.PostAsync("/connect/token", form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_grant", await response.ErrorAsync());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task The_right_exchange_is_answered_and_not_stored()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var call = new AuthorizeCall();

        using var response = await browser.ExchangeAsync(await browser.CodeAsync(call), call);

        var body = await response.JsonAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("Bearer", body.Text("token_type"));
        Assert.Equal(300, body.GetProperty("expires_in").GetInt32());
        Assert.Equal(TestShop.AllScopes, body.Text("scope"));
    }

    [Fact]
    public async Task A_wrong_verifier_costs_the_code()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var call = new AuthorizeCall();
        var code = await browser.CodeAsync(call);

        using var wrong = await browser.ExchangeAsync(code, call with { Verifier = new string('a', 43) });
        using var right = await browser.ExchangeAsync(code, call);

        Assert.Equal("invalid_grant", await wrong.ErrorAsync());
        Assert.Equal("invalid_grant", await right.ErrorAsync());
    }

    [Fact]
    public async Task Another_client_cannot_use_or_spoil_a_code()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var call = new AuthorizeCall();
        var code = await browser.CodeAsync(call);

        using var stolen = await browser.ExchangeAsync(code, call with { ClientId = "web", ClientSecret = TestShop.WebSecret });
        using var right = await browser.ExchangeAsync(code, call);

        Assert.Equal("invalid_grant", await stolen.ErrorAsync());
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task An_expired_code_is_refused()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var call = new AuthorizeCall();
        var code = await browser.CodeAsync(call);
        server.Shared.Clock.Advance(TimeSpan.FromSeconds(301));

        using var response = await browser.ExchangeAsync(code, call);

        Assert.Equal("invalid_grant", await response.ErrorAsync());
    }

    [Fact]
    public async Task A_user_disabled_after_the_code_gets_nothing()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var call = new AuthorizeCall();
        var code = await browser.CodeAsync(call);
        server.Shared.Inactive.Add("alice");

        using var response = await browser.ExchangeAsync(code, call);

        Assert.Equal("invalid_grant", await response.ErrorAsync());
    }

    [Fact]
    [Trait("Practice", "P03")]
    public async Task A_code_used_twice_ends_what_came_of_it()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var call = new AuthorizeCall();
        var code = await browser.CodeAsync(call);
        using var first = await browser.ExchangeAsync(code, call);
        var refreshToken = (await first.JsonAsync()).Text("refresh_token");

        using var second = await browser.ExchangeAsync(code, call);
        using var refresh = await browser.RefreshAsync(refreshToken);

        Assert.Equal("invalid_grant", await second.ErrorAsync());
        Assert.Equal("invalid_grant", await refresh.ErrorAsync());
    }

    [Fact]
    public async Task A_code_raced_over_replicas_is_used_at_most_once()
    {
        var shared = new Shared();
        await using var one = await Replica.StartAsync(shared);
        await using var two = await Replica.StartAsync(shared);
        using var browser = one.OpenBrowser();
        using var other = two.OpenBrowser();
        await browser.SignInAsync("alice");

        for (var round = 0; round < 10; round++)
        {
            var call = new AuthorizeCall();
            var code = await browser.CodeAsync(call);

            var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? browser : other).ExchangeAsync(code, call)));

            Assert.True(responses.Count(response => response.IsSuccessStatusCode) <= 1, "A code gave tokens more than once.");
            Assert.DoesNotContain(shared.Grants.Of("refresh_token"), _ => true);
            foreach (var response in responses)
                response.Dispose();
        }
    }

    [Fact]
    [Trait("Practice", "P05")]
    public async Task The_store_holds_neither_codes_nor_tokens_in_the_clear()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var code = await browser.CodeAsync(new AuthorizeCall());
        var tokens = await browser.TokensAsync();

        var dump = JsonSerializer.Serialize(server.Shared.Grants.Rows);

        Assert.DoesNotContain(code, dump, StringComparison.Ordinal);
        Assert.DoesNotContain(tokens.Text("refresh_token"), dump, StringComparison.Ordinal);
        Assert.DoesNotContain("catalog.read", dump, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Form(AuthorizeCall call, string code) => new(StringComparer.Ordinal)
    {
        ["grant_type"] = "authorization_code",
        ["client_id"] = call.ClientId,
        ["code"] = code,
        ["redirect_uri"] = call.RedirectUri,
        ["code_verifier"] = call.Verifier,
    };
}
