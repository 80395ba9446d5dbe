using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P02")]
public sealed class TokenShapeTests
{
    [Fact]
    public async Task An_access_token_is_exactly_what_rfc_9068_asks_for()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice", acr: "urn:shop:mfa");
        var token = (await browser.TokensAsync()).Text("access_token");

        var header = Responses.Header(token);
        var payload = Responses.Payload(token);
        Assert.Equal(["alg", "kid", "typ"], Names(header));
        Assert.Equal("ES256", header.Text("alg"));
        Assert.Equal("at+jwt", header.Text("typ"));
        Assert.Equal(
            ["acr", "amr", "aud", "auth_time", "client_id", "exp", "iat", "idp", "iss", "jti", "nbf", "role", "scope", "sid", "sub"], Names(payload));
        Assert.Equal(TestShop.Issuer, payload.Text("iss"));
        Assert.Equal(["catalog", "orders"], payload.GetProperty("aud").EnumerateArray().Select(audience => audience.GetString()));
        Assert.Equal("alice", payload.Text("sub"));
        Assert.Equal("mobile", payload.Text("client_id"));
        Assert.Equal(TestShop.AllScopes, payload.Text("scope"));
        Assert.Equal("seller", payload.Text("role"));
        Assert.Equal("urn:shop:mfa", payload.Text("acr"));
        Assert.Equal("pwd", payload.GetProperty("amr")[0].GetString());
        Assert.Equal(300, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
        Assert.Equal(payload.GetProperty("nbf").GetInt64(), payload.GetProperty("iat").GetInt64());
        Assert.Equal(JsonValueKind.Number, payload.GetProperty("auth_time").ValueKind);
    }

    [Fact]
    public async Task One_audience_is_a_text_and_a_clients_own_token_names_no_user()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        using var response = await browser.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", TestShop.DemoSecret), ("scope", "catalog.read"));

        var payload = Responses.Payload((await response.JsonAsync()).Text("access_token"));

        Assert.Equal(["aud", "client_id", "exp", "iat", "iss", "jti", "nbf", "scope"], Names(payload));
        Assert.Equal("catalog", payload.Text("aud"));
        Assert.Equal("demo", payload.Text("client_id"));
    }

    [Fact]
    public async Task Every_token_has_its_own_identifier()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        var first = Responses.Payload((await browser.TokensAsync()).Text("access_token")).Text("jti");
        var second = Responses.Payload((await browser.TokensAsync()).Text("access_token")).Text("jti");

        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task An_identity_token_is_tied_to_request_session_and_access_token()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var tokens = await browser.TokensAsync();

        var header = Responses.Header(tokens.Text("id_token"));
        var payload = Responses.Payload(tokens.Text("id_token"));
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(tokens.Text("access_token")));
        Assert.Equal("JWT", header.Text("typ"));
        Assert.Equal(["amr", "at_hash", "aud", "auth_time", "exp", "iat", "idp", "iss", "nbf", "nonce", "sid", "sub"], Names(payload));
        Assert.Equal("mobile", payload.Text("aud"));
        Assert.Equal("the-nonce", payload.Text("nonce"));
        Assert.Equal(Base64UrlEncoder.Encode(hash[..16]), payload.Text("at_hash"));
    }

    [Fact]
    public async Task Without_openid_there_is_no_identity_token()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        var tokens = await browser.TokensAsync(new AuthorizeCall { Scope = "catalog.read" });

        Assert.False(tokens.TryGetProperty("id_token", out _));
    }

    [Fact]
    public async Task Tokens_verify_with_the_published_keys_and_nothing_private_is_published()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");
        var token = (await browser.TokensAsync()).Text("access_token");
        using var response = await browser.GetAsync("/.well-known/openid-configuration/jwks");
        var json = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = TestShop.Issuer,
            ValidAudience = "catalog",
            ValidTypes = ["at+jwt"],
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = new JsonWebKeySet(json).GetSigningKeys(),
        });

        Assert.True(result.IsValid, result.Exception?.Message);
        var key = JsonDocument.Parse(json).RootElement.GetProperty("keys")[0];
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], Names(key));
    }

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
}
