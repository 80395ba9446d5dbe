using System.Net;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests;

/// <summary>DPoP: a stolen token is of no use. The table of everything that a proof can have wrong is with the check itself, in ServiceDefaults.</summary>
[Trait("Practice", "P04")]
public sealed class Rfc9449Tests(Replicas replicas)
{
    private const string UserInfo = "/connect/userinfo";

    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    [InlineData("partner")]
    public async Task Section_5_tokens_are_bound_to_the_key_of_the_proof(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        Assert.Equal("DPoP", tokens.Text("token_type"));
        Assert.Equal(client.Prover!.Thumbprint, tokens.Payload().GetProperty("cnf").Text("jkt"));

        var renewed = (await client.RefreshAsync(tokens.Text("refresh_token"))).IsGranted();
        Assert.Equal("DPoP", renewed.Text("token_type"));
        Assert.Equal(client.Prover.Thumbprint, renewed.Payload().GetProperty("cnf").Text("jkt"));
    }

    [Fact]
    public async Task Section_5_a_service_may_bind_its_own_tokens_too()
    {
        using var client = OAuthClient.Partner(host);
        var tokens = (await client.TokenAsync(("grant_type", "client_credentials"), ("scope", "catalog.read"))).IsGranted();
        Assert.Equal(client.Prover!.Thumbprint, tokens.Payload().GetProperty("cnf").Text("jkt"));
    }

    public static TheoryData<string, Action<TestToken>> Wrong => new()
    {
        { "another method", proof => proof.Claims["htm"] = "GET" },
        { "another address", proof => proof.Claims["htu"] = IdentityHost.Issuer + "/connect/par" },
        { "another host", proof => proof.Claims["htu"] = "https://evil.example/connect/token" },
        { "too old", proof => proof.Claims["iat"] = (long)proof.Claims["iat"]! - 90 },
        { "from the future", proof => proof.Claims["iat"] = (long)proof.Claims["iat"]! + 60 },
        { "another type", proof => proof.Header["typ"] = "JWT" },
        { "no signature", proof => (proof.Header["alg"], proof.Sign) = ("none", _ => []) },
        { "no id", proof => proof.Claims.Remove("jti") },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Section_4_3_a_wrong_proof_gets_no_token(string fault, Action<TestToken> spoil)
    {
        using var client = OAuthClient.Partner(host);
        (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted();
        var proof = client.Proof(HttpMethod.Post, "/connect/token");
        spoil(proof);
        var answer = await client.PostAsync("/connect/token", [("grant_type", "client_credentials")], proof: proof.Write());
        Assert.True(answer.Status == HttpStatusCode.BadRequest, fault);
        Assert.Equal("invalid_dpop_proof", answer.Error());
    }

    [Fact]
    public async Task Section_4_3_a_client_that_must_have_bound_tokens_gets_no_others()
    {
        using var client = OAuthClient.Partner(host);
        (await client.PostAsync("/connect/token", [("grant_type", "client_credentials")], proves: false)).IsRefused("invalid_dpop_proof");
    }

    [Fact]
    public async Task Section_7_1_a_bound_token_works_with_its_proof_and_nothing_else()
    {
        using var client = OAuthClient.Storefront(host);
        using var thief = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("access_token");
        Assert.Equal(person.Subject, (await client.UserInfoAsync(token)).IsGranted().Text("sub"));
        Assert.Equal(HttpStatusCode.OK, (await client.ApiAsync(HttpMethod.Post, UserInfo, token)).Status);

        // Downgrade (7.2), with and without a proof; no proof; another key.
        thief.Nonce = client.Nonce;
        Answer[] refused =
        [
            await client.ApiAsync(HttpMethod.Get, UserInfo, token, "Bearer"),
            await client.ApiAsync(HttpMethod.Get, UserInfo, token, "Bearer", proof: ""),
            await client.ApiAsync(HttpMethod.Get, UserInfo, token, proof: ""),
            await thief.ApiAsync(HttpMethod.Get, UserInfo, token),
            await client.ApiAsync(HttpMethod.Get, UserInfo, token, proof: client.Proof(HttpMethod.Get, UserInfo).Write()),
            await client.ApiAsync(HttpMethod.Get, UserInfo, token, proof: client.Proof(HttpMethod.Post, UserInfo, token).Write()),
            await client.ApiAsync(HttpMethod.Get, UserInfo, token, proof: client.Proof(HttpMethod.Get, UserInfo, token + "x").Write()),
        ];
        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(token)).Status);
    }

    [Fact]
    public async Task Section_7_1_what_is_refused_names_the_scheme()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("access_token");
        var answer = await client.ApiAsync(HttpMethod.Get, UserInfo, token, proof: "wrong");
        Assert.StartsWith("DPoP ", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_5_a_public_clients_refresh_token_is_bound_to_its_key()
    {
        using var client = OAuthClient.Mobile(host, new());
        using var thief = OAuthClient.Mobile(host, new());
        using var bearer = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        Assert.Contains((await thief.RefreshAsync(token)).Error(), (string[])["invalid_grant", "invalid_dpop_proof"]);
        Assert.Contains((await bearer.RefreshAsync(token)).Error(), (string[])["invalid_grant", "invalid_dpop_proof"]);
        (await client.RefreshAsync(token)).IsGranted();
    }

    [Fact]
    public async Task Section_5_a_client_that_proves_itself_may_change_its_key()
    {
        using var client = OAuthClient.Storefront(host);
        using var later = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        Assert.Equal(later.Prover!.Thumbprint, (await later.RefreshAsync(token)).IsGranted().Payload().GetProperty("cnf").Text("jkt"));
    }

    [Fact]
    public async Task Section_8_the_server_asks_for_its_nonce_and_takes_it_at_any_replica()
    {
        using var client = OAuthClient.Partner(host);
        using var elsewhere = client.At(replicas.Two);
        var asked = await client.PostAsync(
            "/connect/token", [("grant_type", "client_credentials")], proof: client.Proof(HttpMethod.Post, "/connect/token").Write());
        asked.IsRefused("use_dpop_nonce");
        elsewhere.Nonce = asked.Headers["DPoP-Nonce"];
        (await elsewhere.PostAsync(
            "/connect/token", [("grant_type", "client_credentials")], proof: elsewhere.Proof(HttpMethod.Post, "/connect/token").Write())).IsGranted();

        elsewhere.Nonce = "made-up";
        (await elsewhere.PostAsync(
            "/connect/token", [("grant_type", "client_credentials")], proof: elsewhere.Proof(HttpMethod.Post, "/connect/token").Write())).IsRefused("use_dpop_nonce");
    }

    [Fact]
    public async Task Section_9_an_API_asks_for_a_nonce_by_its_challenge()
    {
        using var client = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("access_token");
        client.Nonce = null;
        var asked = await client.ApiAsync(HttpMethod.Get, UserInfo, token, proof: client.Proof(HttpMethod.Get, UserInfo, token).Write());
        Assert.Equal(HttpStatusCode.Unauthorized, asked.Status);
        Assert.Contains("error=\"use_dpop_nonce\"", asked.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.NotEmpty(asked.Headers["DPoP-Nonce"]);
    }

    [Theory]
    [InlineData("mobile, bound")]
    [InlineData("storefront")]
    public async Task Section_10_a_code_is_bound_to_the_key_that_the_request_names(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client).With("dpop_jkt", client.Prover!.Thumbprint);
        var code = await call.CodeAsync(person);
        using var thief = OAuthClient.Of(host, id);
        Assert.Contains(
            (await thief.TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri), ("code_verifier", call.Verifier))).Error(),
            (string[])["invalid_grant", "invalid_dpop_proof"]);
        (await call.RedeemAsync(code)).IsGranted();
    }

    [Fact]
    public async Task Section_10_1_a_pushed_request_is_bound_by_its_proof_and_to_no_other_key()
    {
        using var client = OAuthClient.Storefront(host);
        using var thief = OAuthClient.Storefront(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        Assert.Contains(
            (await thief.TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri), ("code_verifier", call.Verifier))).Error(),
            (string[])["invalid_grant", "invalid_dpop_proof"]);

        var two = await client.PushAsync([.. call.Parameters.Select(pair => (pair.Key, pair.Value)), ("dpop_jkt", thief.Prover!.Thumbprint)]);
        Assert.Equal(HttpStatusCode.BadRequest, two.Status);
        Assert.Contains(two.Error(), (string[])["invalid_dpop_proof", "invalid_request"]);
    }

    [Fact]
    public async Task Section_11_1_of_copies_that_race_over_replicas_one_passes()
    {
        using var client = OAuthClient.Storefront(host);
        using var elsewhere = client.At(replicas.Two);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("access_token");
        var proof = client.Proof(HttpMethod.Get, UserInfo, token).Write();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? client : elsewhere).ApiAsync(HttpMethod.Get, UserInfo, token, proof: proof)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }
}
