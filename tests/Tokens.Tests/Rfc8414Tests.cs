using System.Net;
using System.Text.Json;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Authorization Server Metadata, and OpenID Connect Discovery: what is advertised works, and what works is advertised.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc8414Tests(Replicas replicas)
{
    private static readonly string[] Documents = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

    private readonly IdentityHost host = replicas.One;

    [Fact]
    public async Task Section_3_both_names_lead_to_the_same_document_of_the_configured_issuer()
    {
        var documents = await Task.WhenAll(Documents.Select(GetAsync));
        Assert.Equal(documents[0].GetRawText(), documents[1].GetRawText());
        Assert.Equal(IdentityHost.Issuer, documents[0].Text("issuer"));
        Assert.All(
            documents[0].EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri"),
            member => Assert.StartsWith(IdentityHost.Issuer + "/", member.Value.GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Section_2_it_says_what_this_server_does()
    {
        var document = await GetAsync(Documents[0]);
        Assert.Equal(["code"], document.List("response_types_supported"));
        Assert.Equal(["form_post", "query"], document.List("response_modes_supported").Order(StringComparer.Ordinal));
        Assert.Equal(["S256"], document.List("code_challenge_methods_supported"));
        Assert.Equal(["ES256"], document.List("id_token_signing_alg_values_supported"));
        Assert.Equal(["ES256"], document.List("token_endpoint_auth_signing_alg_values_supported"));
        Assert.Equal(["ES256"], document.List("dpop_signing_alg_values_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "private_key_jwt"],
            document.List("token_endpoint_auth_methods_supported").Except(["none"], StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(["public"], document.List("subject_types_supported"));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.True(document.GetProperty("backchannel_logout_supported").GetBoolean());
        foreach (var absent in (string[])["request_parameter_supported", "request_uri_parameter_supported", "claims_parameter_supported"])
            Assert.False(document.TryGetProperty(absent, out var value) && value.GetBoolean(), absent);

        // Nobody may register clients, and no session is watched in frames.
        foreach (var absent in (string[])["registration_endpoint", "check_session_iframe", "backchannel_authentication_endpoint"])
            Assert.False(document.TryGetProperty(absent, out _), absent);
    }

    [Fact]
    public async Task Section_2_each_advertised_endpoint_answers()
    {
        var document = await GetAsync(Documents[0]);
        using var client = OAuthClient.Demo(host);
        var endpoints = document.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["authorization_endpoint", "device_authorization_endpoint", "end_session_endpoint", "introspection_endpoint", "pushed_authorization_request_endpoint", "revocation_endpoint", "token_endpoint", "userinfo_endpoint"],
            endpoints.Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal));
        foreach (var endpoint in endpoints)
        {
            var answer = await client.PostAsync(endpoint.Value.GetString()![IdentityHost.Issuer.Length..], []);
            Assert.NotInRange((int)answer.Status, 404, 405);
            Assert.NotInRange((int)answer.Status, 500, 599);
        }
    }

    [Fact]
    public async Task Section_2_each_advertised_grant_is_served_and_no_other()
    {
        var advertised = (await GetAsync(Documents[0])).List("grant_types_supported");
        using var client = OAuthClient.Cli(host);
        string[] known =
        [
            "authorization_code", "client_credentials", "refresh_token", "implicit", "password", "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:saml2-bearer", "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:openid:params:grant-type:ciba", "urn:secureshop:params:oauth:grant-type:api-key",
        ];
        Assert.Empty(advertised.Except(known, StringComparer.Ordinal));
        foreach (var grant in known)
        {
            var answer = await client.TokenAsync(
                ("grant_type", grant), ("code", "x"), ("redirect_uri", "x"), ("code_verifier", new string('a', 43)), ("refresh_token", "x"), ("device_code", "x"),
                ("username", "x"), ("password", "x"), ("assertion", "x"), ("subject_token", "x"), ("subject_token_type", "x"), ("api_key", "x"), ("auth_req_id", "x"));
            Assert.True(answer.Error() == "unsupported_grant_type" == !advertised.Contains(grant, StringComparer.Ordinal), $"{grant}: {answer.Body}");
        }
    }

    [Fact]
    public async Task Section_2_each_advertised_response_is_given_and_no_other()
    {
        var document = await GetAsync(Documents[0]);
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        foreach (var mode in (string[])["query", "form_post", "fragment", "query.jwt", "web_message"])
        {
            var answer = await CodeCall.ConsentAsync(person, await new CodeCall(client).With("response_mode", mode).OpenAsync(person));
            var given = answer.Status == HttpStatusCode.OK ? answer.Body.Contains(EngineDifferences.FieldName("code"), StringComparison.Ordinal) : answer.Query().ContainsKey("code");
            Assert.Equal(document.List("response_modes_supported").Contains(mode, StringComparer.Ordinal), given);
        }
    }

    [Fact]
    public async Task Section_2_each_advertised_scope_can_be_asked_for_and_no_other()
    {
        var advertised = (await GetAsync(Documents[0])).List("scopes_supported");
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        Assert.Equal(
            ["catalog.read", "catalog.write", "email", "offline_access", "openid", "orders.admin", "orders.read", "orders.refund", "orders.write", "profile"],
            advertised.Order(StringComparer.Ordinal));
        Assert.True((await new CodeCall(client, string.Join(' ', advertised)).AnswerAsync(person)).ContainsKey("code"));
        foreach (var other in (string[])["catalog.reserve", "address", "phone", "roles", "api"])
            Assert.Equal("invalid_scope", (await new CodeCall(client, "openid " + other).AnswerAsync(person))["error"]);
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration/jwks")]
    public async Task Section_3_1_head_works_where_get_does(string path)
    {
        using var client = OAuthClient.Demo(host);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        var answer = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Section_6_2_a_forged_host_names_no_other_issuer()
    {
        using var client = OAuthClient.Demo(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, Documents[0]);
        request.Headers.Host = "evil.example";
        Assert.DoesNotContain("evil.example", (await client.SendAsync(request)).Body, StringComparison.Ordinal);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var client = OAuthClient.Demo(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return (await client.SendAsync(request)).IsGranted();
    }
}
