using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P01")]
public sealed class ClientAuthenticationTests
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    [Theory]
    [InlineData("demo", TestShop.DemoSecret, HttpStatusCode.OK)]
    [InlineData("demo", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("demo", "expired", HttpStatusCode.Unauthorized)]
    [InlineData("demo", null, HttpStatusCode.Unauthorized)]
    [InlineData("demo", TestShop.WebSecret, HttpStatusCode.Unauthorized)]
    [InlineData("nobody", TestShop.DemoSecret, HttpStatusCode.Unauthorized)]
    [InlineData("off", null, HttpStatusCode.Unauthorized)]
    [InlineData("mobile", "anything", HttpStatusCode.Unauthorized)]
    [InlineData("orders-service", "anything", HttpStatusCode.Unauthorized)]
    public async Task A_secret_in_the_form(string client, string? secret, HttpStatusCode status)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await browser.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret), ("scope", "catalog.read"));

        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.Unauthorized)
        {
            Assert.Equal("invalid_client", await response.ErrorAsync());
            Assert.Equal("Basic", response.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Theory]
    [InlineData("demo:" + TestShop.DemoSecret, HttpStatusCode.OK)]
    [InlineData("d%65mo:" + TestShop.DemoSecret, HttpStatusCode.OK)]
    [InlineData("demo:wrong", HttpStatusCode.Unauthorized)]
    [InlineData("demo:", HttpStatusCode.Unauthorized)]
    [InlineData("demo", HttpStatusCode.Unauthorized)]
    [InlineData(":", HttpStatusCode.Unauthorized)]
    public async Task A_secret_in_the_header(string pair, HttpStatusCode status)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await browser.PostAsync(
            "/connect/token", Form(("grant_type", "client_credentials"), ("scope", "catalog.read")),
            request => request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Two_ways_at_once_are_refused()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await browser.PostAsync(
            "/connect/token", Form(("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", TestShop.DemoSecret)),
            request => request.Headers.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("demo:" + TestShop.DemoSecret))));

        Assert.Equal("invalid_request", await response.ErrorAsync());
    }

    [Fact]
    public async Task An_own_key_proves_the_client()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var byIssuer = await SendAsync(browser, New(server));
        using var byEndpoint = await SendAsync(browser, New(server).With("aud", TestShop.Issuer + "/connect/token"));

        Assert.Equal(HttpStatusCode.OK, byIssuer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, byEndpoint.StatusCode);
        Assert.Equal("orders-service", Responses.Payload((await byIssuer.JsonAsync()).Text("access_token")).Text("client_id"));
    }

    public static TheoryData<string> Forgeries =>
        ["none", "none without signature", "HS256 with the public key", "another key", "tampered", "garbage", "no exp", "expired", "lives for a day", "not yet",
            "no jti", "long jti", "wrong aud", "two audiences", "no aud", "other sub", "other iss", "strict type for the endpoint"];

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Practice", "P02")]
    public async Task A_forged_assertion_is_refused(string forgery)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await SendAsync(browser, Forge(New(server), forgery));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_client", await response.ErrorAsync());
    }

    [Fact]
    public async Task A_replayed_assertion_is_refused_on_every_replica()
    {
        var shared = new Shared();
        await using var one = await Replica.StartAsync(shared);
        await using var two = await Replica.StartAsync(shared);
        using var browser = one.OpenBrowser();
        using var other = two.OpenBrowser();
        var assertion = New(one).ToString();

        using var first = await SendAsync(browser, assertion);
        using var again = await SendAsync(browser, assertion);
        using var elsewhere = await SendAsync(other, assertion);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("invalid_client", await again.ErrorAsync());
        Assert.Equal("invalid_client", await elsewhere.ErrorAsync());
    }

    [Fact]
    public async Task A_raced_assertion_works_at_most_once()
    {
        var shared = new Shared();
        await using var one = await Replica.StartAsync(shared);
        await using var two = await Replica.StartAsync(shared);
        using var browser = one.OpenBrowser();
        using var other = two.OpenBrowser();
        var assertion = New(one).ToString();

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SendAsync(i % 2 == 0 ? browser : other, assertion)));

        Assert.True(responses.Count(response => response.IsSuccessStatusCode) <= 1, "A replay got through.");
        foreach (var response in responses)
            response.Dispose();
    }

    [Fact]
    public async Task The_clients_key_proves_nobody_else()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await browser.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_assertion_type", AssertionType), ("client_assertion", New(server).ToString()));

        Assert.Equal("invalid_client", await response.ErrorAsync());
    }

    [Theory]
    [InlineData("catalog.read", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("catalog.write", HttpStatusCode.BadRequest)]
    [InlineData("catalog", HttpStatusCode.BadRequest)]
    [InlineData("openid", HttpStatusCode.BadRequest)]
    [InlineData("offline_access", HttpStatusCode.BadRequest)]
    [InlineData("catalog.read orders.read", HttpStatusCode.BadRequest)]
    public async Task A_client_gets_only_its_own_scopes(string? scope, HttpStatusCode status)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await browser.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", TestShop.DemoSecret), ("scope", scope));

        Assert.Equal(status, response.StatusCode);
        if (status != HttpStatusCode.OK)
            Assert.Equal("invalid_scope", await response.ErrorAsync());
        else
            Assert.False((await response.JsonAsync()).TryGetProperty("refresh_token", out _));
    }

    [Theory]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("implicit", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type")]
    [InlineData("authorization_code", "unauthorized_client")]
    [InlineData("refresh_token", "unauthorized_client")]
    [InlineData("", "invalid_request")]
    public async Task Other_grants_are_not_served(string grant, string error)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var response = await browser.TokenAsync(
            ("grant_type", grant), ("client_id", "demo"), ("client_secret", TestShop.DemoSecret), ("username", "alice"), ("password", "secret"), ("scope", "catalog.read"));

        Assert.Equal(error, await response.ErrorAsync());
    }

    [Fact]
    public async Task The_token_endpoint_takes_forms_with_each_parameter_once()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var json = await browser.PostAsync("/connect/token", [], request => request.Content = new StringContent("{}", Encoding.UTF8, "application/json"));
        using var twice = await browser.PostAsync("/connect/token", Form(
            ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", TestShop.DemoSecret), ("scope", "catalog.read"), ("scope", "catalog.write")));
        using var query = await browser.PostAsync(
            "/connect/token?grant_type=client_credentials&client_id=demo&client_secret=" + TestShop.DemoSecret, []);

        Assert.Equal("invalid_request", await json.ErrorAsync());
        Assert.Equal("invalid_request", await twice.ErrorAsync());
        Assert.Equal("invalid_client", await query.ErrorAsync());
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_refusal_leaves_events_without_secrets_and_a_success_none()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        using var wrong = await browser.TokenAsync(("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", "guessed-secret"));
        using var right = await browser.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", TestShop.DemoSecret), ("scope", "catalog.read"));
        var token = (await right.JsonAsync()).Text("access_token");

        var events = server.Shared.Events;
        Assert.Equal("demo", events.Of<ClientAuthenticationFailureEvent>().Single().ClientId);
        Assert.Equal("invalid_client", events.Of<TokenIssuedFailureEvent>().Single().Error);
        var all = string.Join('\n', events.Raised.Select(raised => JsonSerializer.Serialize(raised, raised.GetType())));
        Assert.DoesNotContain("guessed-secret", all, StringComparison.Ordinal);
        Assert.DoesNotContain(TestShop.DemoSecret, all, StringComparison.Ordinal);
        Assert.DoesNotContain(token, all, StringComparison.Ordinal);
    }

    private static Assertion New(Replica server) => new(server.Shared.Clock.GetUtcNow());

    private static string Forge(Assertion good, string forgery)
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return forgery switch
        {
            "none" => good.WithHeader("alg", "none").ToString(),
            "none without signature" => (good.WithHeader("alg", "none") with { Signature = _ => [] }).ToString(),
            "HS256 with the public key" =>
                (good.WithHeader("alg", "HS256") with { Signature = data => HMACSHA256.HashData(TestShop.ServiceKey.ExportSubjectPublicKeyInfo(), data) }).ToString(),
            "another key" => (good with { Signature = data => otherKey.SignData(data, HashAlgorithmName.SHA256) }).ToString(),
            "tampered" => Swap(good.ToString(), good.With("jti", "other").ToString()),
            "garbage" => "not.a.token",
            "no exp" => good.With("exp", null).ToString(),
            "expired" => good.With("exp", good.Now.AddMinutes(-6).ToUnixTimeSeconds()).ToString(),
            "lives for a day" => good.With("exp", good.Now.AddDays(1).ToUnixTimeSeconds()).ToString(),
            "not yet" => good.With("nbf", good.Now.AddMinutes(6).ToUnixTimeSeconds()).ToString(),
            "no jti" => good.With("jti", null).ToString(),
            "long jti" => good.With("jti", new string('x', 201)).ToString(),
            "wrong aud" => good.With("aud", "https://other.example").ToString(),
            "two audiences" => good.With("aud", new[] { TestShop.Issuer, "https://other.example" }).ToString(),
            "no aud" => good.With("aud", null).ToString(),
            "other sub" => good.With("sub", "demo").ToString(),
            "other iss" => good.With("iss", "demo").ToString(),
            "strict type for the endpoint" =>
                good.WithHeader("typ", "client-authentication+jwt").With("aud", TestShop.Issuer + "/connect/token").ToString(),
            _ => throw new ArgumentOutOfRangeException(nameof(forgery)),
        };
    }

    /// <summary>The signature of one token under the claims of another.</summary>
    private static string Swap(string signed, string claims) => string.Join('.', [.. claims.Split('.')[..2], signed.Split('.')[2]]);

    private static Task<HttpResponseMessage> SendAsync(Browser browser, Assertion assertion) => SendAsync(browser, assertion.ToString());

    private static Task<HttpResponseMessage> SendAsync(Browser browser, string assertion) => browser.TokenAsync(
        ("grant_type", "client_credentials"), ("client_assertion_type", AssertionType), ("client_assertion", assertion), ("scope", "catalog.reserve"));

    private static IEnumerable<KeyValuePair<string, string?>> Form(params (string Name, string? Value)[] form) =>
        form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value));
}
