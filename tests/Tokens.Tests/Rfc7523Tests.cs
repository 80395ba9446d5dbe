using System.Net;
using System.Security.Cryptography;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests;

/// <summary>JWT client authentication (with RFC 7521, and OpenID Connect's private_key_jwt): no secret travels.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc7523Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("orders-service", null)]
    [InlineData("orders-service", "JWT")]
    [InlineData("orders-service", "client-authentication+jwt")]
    [InlineData("partner", null)]
    [InlineData("partner", "JWT")]
    public async Task Section_2_2_an_own_key_proves_the_client_whatever_type_its_library_writes(string id, string? type)
    {
        using var client = OAuthClient.Of(host, id);
        var assertion = client.Assertion();
        assertion.Header["typ"] = type;
        if (type is null)
            assertion.Header.Remove("typ");
        if (client.Prover is not null)
            client.Nonce = await client.FreshNonceAsync();
        Assert.Equal(id, (await SendAsync(client, assertion)).IsGranted().Payload().Text("client_id"));
    }

    [Fact]
    public async Task Section_2_2_the_client_id_beside_it_may_be_left_out()
    {
        using var client = OAuthClient.OrdersService(host);
        (await client.TokenAsync(("grant_type", "client_credentials"), ("scope", "catalog.reserve"), ("client_id", null))).IsGranted();
    }

    /// <summary>Where nobody can tell whether it was used before it proves nothing: a thief would wait for that moment.</summary>
    [Fact]
    public async Task Section_3_while_Redis_is_away_no_assertion_is_taken()
    {
        await using var forgetful = await replicas.StartAsync(TimeProvider.System, ("ConnectionStrings:redis", "127.0.0.1:1"));
        using var client = OAuthClient.OrdersService(forgetful);
        using var http = TestCertificate.Client(forgetful.Address);
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("scope", "catalog.reserve"),
            KeyValuePair.Create("client_assertion_type", OAuthClient.AssertionType), KeyValuePair.Create("client_assertion", client.Assertion().Write()),
        ]);
        using var answer = await http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);

        using var demo = OAuthClient.Demo(forgetful);
        (await demo.TokenAsync(("grant_type", "client_credentials"))).IsGranted();
    }

    public static TheoryData<string, Action<TestToken>> Forgeries => new()
    {
        { "none", token => (token.Header["alg"], token.Sign) = ("none", _ => []) },
        { "none with a signature", token => token.Header["alg"] = "none" },
        { "HS256 with the public key", SignedByHmac },
        { "RS256", token => token.Header["alg"] = "RS256" },
        { "ES384", token => token.Header["alg"] = "ES384" },
        { "another key", SignedByAnother },
        { "a signature of zeros", token => token.Sign = _ => new byte[64] },
        { "a critical extension", token => token.Header["crit"] = new[] { "exp" } },
        { "an access token's type", token => token.Header["typ"] = "at+jwt" },
        { "a proof's type", token => token.Header["typ"] = "dpop+jwt" },
        { "no end", token => token.Claims.Remove("exp") },
        { "ended", token => token.Claims["exp"] = Iat(token) - 120 },
        { "lives for a day", token => token.Claims["exp"] = Iat(token) + 86_400 },
        { "not yet", token => token.Claims["nbf"] = Iat(token) + 360 },
        { "made in the future", token => token.Claims["iat"] = Iat(token) + 360 },
        { "no id", token => token.Claims.Remove("jti") },
        { "an id without end", token => token.Claims["jti"] = new string('x', 257) },
        { "the token endpoint as audience", token => token.Claims["aud"] = IdentityHost.Issuer + "/connect/token" },
        { "the issuer with a slash", token => token.Claims["aud"] = IdentityHost.Issuer + "/" },
        { "the issuer in a list", token => token.Claims["aud"] = new[] { IdentityHost.Issuer } },
        { "two audiences", token => token.Claims["aud"] = new[] { IdentityHost.Issuer, "https://other.example" } },
        { "another audience", token => token.Claims["aud"] = "https://other.example" },
        { "no audience", token => token.Claims.Remove("aud") },
        { "another subject", token => token.Claims["sub"] = "demo" },
        { "another issuer", token => token.Claims["iss"] = "demo" },
        { "no subject", token => token.Claims.Remove("sub") },
        { "no issuer", token => token.Claims.Remove("iss") },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Practice", "P02")]
    public async Task Section_3_one_thing_wrong_is_enough(string fault, Action<TestToken> spoil)
    {
        using var client = OAuthClient.OrdersService(host);
        var assertion = client.Assertion();
        spoil(assertion);
        IsRefused(await SendAsync(client, assertion), fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("not.a.token")]
    [InlineData("a.b.c.d.e")]
    public async Task Section_3_what_is_no_token_is_refused(string assertion)
    {
        using var client = OAuthClient.OrdersService(host);
        IsRefused(await client.TokenAsync(("grant_type", "client_credentials"), ("client_assertion", assertion)), assertion);
    }

    [Fact]
    public async Task Section_3_another_clients_key_and_another_claims_signature_prove_nothing()
    {
        using var client = OAuthClient.OrdersService(host);
        using var partner = OAuthClient.Partner(host);
        var good = client.Assertion();
        IsRefused(await client.TokenAsync(("grant_type", "client_credentials"), ("client_id", "demo"), ("client_assertion", good.Write())), "another client's id");
        IsRefused(await client.TokenAsync(("grant_type", "client_credentials"), ("client_assertion", partner.Assertion().Write())), "another client's assertion");

        var other = client.Assertion();
        var swapped = string.Join('.', [.. client.Assertion().Write().Split('.')[..2], other.Write().Split('.')[2]]);
        IsRefused(await client.TokenAsync(("grant_type", "client_credentials"), ("client_assertion", swapped)), "another signature");
        IsRefused(await client.TokenAsync(("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")), "another type");
    }

    [Fact]
    public async Task Section_3_a_replayed_assertion_is_refused_at_every_replica_and_endpoint()
    {
        using var client = OAuthClient.OrdersService(host);
        using var elsewhere = client.At(replicas.Two);
        var assertion = client.Assertion();
        (await SendAsync(client, assertion)).IsGranted();
        IsRefused(await SendAsync(client, assertion), "again");
        IsRefused(await SendAsync(elsewhere, assertion), "elsewhere");
        IsRefused(await client.RevokeAsync("unknown", ("client_assertion", assertion.Write())), "at the revocation endpoint");
    }

    [Fact]
    public async Task Section_3_an_assertion_raced_over_replicas_works_once()
    {
        using var client = OAuthClient.OrdersService(host);
        using var elsewhere = client.At(replicas.Two);
        var assertion = client.Assertion();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => SendAsync(i % 2 == 0 ? client : elsewhere, assertion)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    /// <summary>Clocks differ (FAPI 2.0, 5.3.2.1).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task Section_3_clocks_may_differ_a_little(int seconds)
    {
        using var client = OAuthClient.OrdersService(host);
        var assertion = client.Assertion();
        assertion.Claims["iat"] = assertion.Claims["nbf"] = Iat(assertion) + seconds;
        (await SendAsync(client, assertion)).IsGranted();
    }

    private static long Iat(TestToken token) => (long)token.Claims["iat"]!;

    private static void SignedByAnother(TestToken token)
    {
        var other = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportParameters(includePrivateParameters: true);
        token.Sign = input =>
        {
            using var key = ECDsa.Create(other);
            return key.SignData(input, HashAlgorithmName.SHA256);
        };
    }

    private static void SignedByHmac(TestToken token)
    {
        token.Header["alg"] = "HS256";
        token.Sign = input => HMACSHA256.HashData(IdentityHost.OrdersKey.ExportSubjectPublicKeyInfo(), input);
    }

    private static Task<Answer> SendAsync(OAuthClient client, TestToken assertion)
        => client.TokenAsync(("grant_type", "client_credentials"), ("client_assertion", assertion.Write()));

    private static void IsRefused(Answer answer, string fault)
    {
        Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{fault}: {answer.Status} {answer.Body}");
        Assert.Contains(answer.Error(), (string[])["invalid_client", "invalid_request"]);
    }
}
