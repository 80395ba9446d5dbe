using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>JWT Profile for Access Tokens.</summary>
[Trait("Practice", "P02")]
public sealed class Rfc9068Tests(Replicas replicas)
{
    private static readonly string[] OfAPerson =
        ["acr", "amr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "role", "scope", "sid", "sub"];

    private readonly IdentityHost host = replicas.One;

    [Fact]
    public async Task Section_2_a_persons_token_says_what_APIs_need_and_no_more()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host, "seller");
        var tokens = await CodeCall.TokensAsync(client, person);
        var (header, payload) = (tokens.Header(), tokens.Payload());
        Assert.Equal(["alg", "kid", "typ"], header.Names());
        Assert.Equal(("ES256", "at+jwt"), (header.Text("alg"), header.Text("typ")));
        Assert.Equal(OfAPerson, payload.Names().Except(EngineDifferences.AccessTokenClaims, StringComparer.Ordinal));
        Assert.Equal(IdentityHost.Issuer, payload.Text("iss"));
        Assert.Equal(["catalog", "orders"], payload.List("aud").Order(StringComparer.Ordinal));
        Assert.Equal((person.Subject, "mobile"), (payload.Text("sub"), payload.Text("client_id")));
        Assert.Equal(CodeCall.AllScopes.Split(' ').Order(StringComparer.Ordinal), payload.Text("scope").Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal(["seller"], payload.List("role"));
        Assert.Equal(["pwd"], payload.List("amr"));
        Assert.Equal("urn:secureshop:acr:single-factor", payload.Text("acr"));
        Assert.Equal(300, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
        Assert.Equal(JsonValueKind.Number, payload.GetProperty("auth_time").ValueKind);
        Assert.DoesNotContain(person.Email, payload.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_2_2_a_services_token_names_no_person()
    {
        using var client = OAuthClient.Demo(host);
        var payload = (await client.TokenAsync(("grant_type", "client_credentials"), ("scope", "catalog.read"))).IsGranted().Payload();
        Assert.Equal(["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"], payload.Names().Except(EngineDifferences.AccessTokenClaims, StringComparer.Ordinal));
        Assert.Equal(["catalog"], payload.List("aud"));
        Assert.Equal(("demo", "demo"), (payload.Text("client_id"), payload.Text("sub")));
    }

    [Fact]
    public async Task Section_2_2_each_token_has_its_own_id()
    {
        using var client = OAuthClient.Demo(host);
        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            async _ => (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted().Payload().Text("jti")));
        Assert.Equal(4, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Section_3_a_token_for_no_API_is_for_this_server()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person, "openid profile");
        Assert.DoesNotContain("catalog", tokens.Payload().List("aud"));
        Assert.DoesNotContain("orders", tokens.Payload().List("aud"));
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
    }

    /// <summary>What a role never uses is not in its tokens, though the client may ask and the person agree.</summary>
    [Theory]
    [InlineData("customer", "catalog.read orders.read orders.write")]
    [InlineData("seller", "catalog.read catalog.write orders.read orders.write")]
    [InlineData("support", "catalog.read orders.read orders.write")]
    [InlineData("admin", "catalog.read orders.read orders.write")]
    [Trait("Practice", "P12")]
    public async Task Section_2_2_3_scopes_are_those_that_the_persons_roles_use(string role, string scopes)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SignedInAsync(host, role, "customer");
        var payload = (await CodeCall.TokensAsync(client, person, "catalog.read catalog.write orders.read orders.write orders.refund orders.admin")).Payload();
        Assert.Equal(scopes.Split(' '), payload.Text("scope").Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Section_4_tokens_are_verified_with_published_keys_and_nothing_private_is_published()
    {
        using var client = OAuthClient.Demo(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration/jwks");
        var keys = await client.SendAsync(request);
        Assert.All(keys.Json().GetProperty("keys").EnumerateArray(), key => Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.Names()));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted().Text("access_token"),
            new TokenValidationParameters
            {
                ValidIssuer = IdentityHost.Issuer,
                ValidAudience = "catalog",
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = ["ES256"],
                IssuerSigningKeys = new JsonWebKeySet(keys.Body).GetSigningKeys(),
            });
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    [Fact]
    public async Task Section_5_an_ID_token_is_no_access_token_and_an_access_token_no_ID_token()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        Assert.NotEqual(tokens.Header().Text("typ"), tokens.Header("id_token").Text("typ"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.Text("id_token"))).Status);

        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(tokens.Text("access_token")));
        Assert.Equal(Base64Url.EncodeToString(hash.AsSpan(0, 16)), tokens.Payload("id_token").Text("at_hash"));
    }
}
