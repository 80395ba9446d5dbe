using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>
/// FAPI 2.0 Security Profile Final, as a checker that goes through section 5.3.2 and 5.4 against the clients that are held to it. Each
/// test is one line of the profile.
/// </summary>
[Trait("Practice", "P01")]
[Trait("Practice", "P04")]
public sealed class Fapi2Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    public static TheoryData<string> Clients => ["storefront", "partner"];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_1_confidential_clients_by_private_key_jwt_alone(string id)
    {
        using var client = OAuthClient.Of(host, id);
        foreach (var secret in (string?[])[null, "anything"])
        {
            var answer = await client.PushAsync([.. new CodeCall(client).Parameters.Select(pair => (pair.Key, pair.Value)),
                ("client_assertion", null), ("client_assertion_type", null), ("client_secret", secret)]);
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
            Assert.Contains(answer.Error(), (string[])["invalid_client", "invalid_request"]);
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_1_no_password_no_implicit_no_hybrid(string id)
    {
        using var client = OAuthClient.Of(host, id);
        Assert.Contains((await client.TokenAsync(("grant_type", "password"), ("username", "x"), ("password", "x"))).Error(), (string[])["unsupported_grant_type", "unauthorized_client"]);
        foreach (var type in (string[])["token", "id_token", "code token", "code id_token", "id_token token"])
            Assert.Equal(HttpStatusCode.BadRequest, (await PushAsync(client, new CodeCall(client).With("response_type", type))).Status);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_1_only_sender_constrained_tokens(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        (await client.PostAsync(
            "/connect/token", [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri), ("code_verifier", call.Verifier)], proves: false))
            .IsRefused("invalid_dpop_proof");
        var tokens = (await call.RedeemAsync(code)).IsGranted();
        Assert.Equal(client.Prover!.Thumbprint, tokens.Payload().GetProperty("cnf").Text("jkt"));
        (await client.PostAsync("/connect/token", [("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token"))], proves: false)).IsRefused("invalid_dpop_proof");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_1_the_audience_of_an_assertion_is_the_issuer_as_a_string(string id)
    {
        using var client = OAuthClient.Of(host, id);
        object[] audiences = [IdentityHost.Issuer + "/connect/par", IdentityHost.Issuer + "/connect/token", IdentityHost.Issuer + "/", new[] { IdentityHost.Issuer }];
        foreach (var audience in audiences)
        {
            var assertion = client.Assertion();
            assertion.Claims["aud"] = audience;
            Assert.NotEqual(HttpStatusCode.Created, (await PushAsync(client, new CodeCall(client), ("client_assertion", assertion.Write()))).Status);
        }

        Assert.Equal(HttpStatusCode.Created, (await PushAsync(client, new CodeCall(client))).Status);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_1_refresh_tokens_do_not_rotate(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        var renewed = (await client.RefreshAsync(token)).IsGranted();
        Assert.True(!renewed.TryGetProperty("refresh_token", out var again) || again.GetString() == token);
        (await client.RefreshAsync(token)).IsGranted();
    }

    /// <summary>Clocks that are up to ten seconds ahead are accepted, those that are more than a minute ahead are not.</summary>
    [Theory]
    [InlineData("storefront", 9, true)]
    [InlineData("storefront", 61, false)]
    [InlineData("partner", 9, true)]
    [InlineData("partner", 61, false)]
    public async Task Section_5_3_2_1_clock_skew(string id, int seconds, bool accepted)
    {
        using var client = OAuthClient.Of(host, id);
        var assertion = client.Assertion();
        assertion.Claims["iat"] = assertion.Claims["nbf"] = client.Now.ToUnixTimeSeconds() + seconds;
        assertion.Claims["exp"] = client.Now.ToUnixTimeSeconds() + seconds + 60;

        // A first request, which gets the server's nonce: an assertion is good for one.
        await PushAsync(client, new CodeCall(client));
        Assert.Equal(accepted, (await PushAsync(client, new CodeCall(client), ("client_assertion", assertion.Write()))).Status == HttpStatusCode.Created);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_2_pushed_requests_alone_by_the_authenticated_client_alone(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var bare = await person.Browser.GetAsync(QueryHelpers.AddQueryString("/connect/authorize", new CodeCall(client).Parameters));
        Assert.DoesNotContain("code=", bare.Location ?? "", StringComparison.Ordinal);
        var pushed = await PushAsync(client, new CodeCall(client));
        Assert.InRange(pushed.Json().GetProperty("expires_in").GetInt32(), 1, 599);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_2_PKCE_by_S256_and_a_redirect_address_in_the_pushed_request(string id)
    {
        using var client = OAuthClient.Of(host, id);
        foreach (var (name, value) in ((string, string?)[])[("code_challenge", null), ("code_challenge_method", "plain"), ("code_challenge_method", null), ("redirect_uri", null)])
            Assert.Equal(HttpStatusCode.BadRequest, (await PushAsync(client, new CodeCall(client).With(name, value))).Status);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_2_the_answer_names_the_issuer_and_comes_by_no_redirect_that_repeats_the_post(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var answer = await CodeCall.ConsentAsync(person, await new CodeCall(client).OpenAsync(person));
        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Found, HttpStatusCode.SeeOther]);
        Assert.Equal(IdentityHost.Issuer, answer.Query()["iss"]);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_2_a_code_is_used_once_and_bound_to_its_key(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var thief = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        Assert.NotEqual(HttpStatusCode.OK, (await thief.TokenAsync(
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri), ("code_verifier", call.Verifier))).Status);
        (await call.RedeemAsync(code)).IsGranted();
        (await call.RedeemAsync(code)).IsRefused("invalid_grant");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_2_2_nothing_leaves_for_an_address_that_is_not_registered(string id)
    {
        using var client = OAuthClient.Of(host, id);
        foreach (var address in (string[])["https://evil.example/", client.RedirectUri + "/", client.RedirectUri + "?x=1", client.RedirectUri.Replace("https", "http", StringComparison.Ordinal)])
            Assert.Equal(HttpStatusCode.BadRequest, (await PushAsync(client, new CodeCall(client).With("redirect_uri", address))).Status);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_4_no_algorithm_but_ES256(string id)
    {
        using var client = OAuthClient.Of(host, id);
        foreach (var algorithm in (string[])["none", "HS256", "RS256", "ES384"])
        {
            var assertion = client.Assertion();
            assertion.Header["alg"] = algorithm;
            Assert.NotEqual(HttpStatusCode.Created, (await PushAsync(client, new CodeCall(client), ("client_assertion", assertion.Write()))).Status);
        }
    }

    [Fact]
    public async Task Section_5_3_2_1_the_metadata_say_so()
    {
        using var client = OAuthClient.Storefront(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration");
        var document = (await client.SendAsync(request)).IsGranted();
        Assert.Contains("private_key_jwt", document.List("token_endpoint_auth_methods_supported"));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.Equal(["ES256"], document.List("dpop_signing_alg_values_supported"));
        Assert.NotEmpty(document.Text("pushed_authorization_request_endpoint"));
    }

    /// <summary>Section 5.3.3: at an API, in a header and nowhere else.</summary>
    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Section_5_3_3_a_token_in_an_address_is_none(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("access_token");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo?access_token=" + token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request)).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(token)).Status);
    }

    private static Task<Answer> PushAsync(OAuthClient client, CodeCall call, params (string, string?)[] more)
        => client.PushAsync([.. call.Parameters.Select(pair => (pair.Key, pair.Value)), .. more]);
}
