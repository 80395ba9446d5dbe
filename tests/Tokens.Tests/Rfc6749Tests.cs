using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>The OAuth 2.0 Authorization Framework, without what RFC 9700 has taken out of it.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc6749Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("demo", IdentityHost.DemoSecret, true)]
    [InlineData("demo", "wrong", false)]
    [InlineData("demo", "", false)]
    [InlineData("demo", null, false)]
    [InlineData("nobody", IdentityHost.DemoSecret, false)]
    [InlineData("orders-service", IdentityHost.DemoSecret, false)]
    [InlineData("storefront", IdentityHost.DemoSecret, false)]
    public async Task Section_2_3_1_a_secret_in_the_form_opens_for_its_own_client(string id, string? secret, bool granted)
    {
        using var client = OAuthClient.Demo(host);
        var answer = await client.TokenAsync(("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret), ("scope", "catalog.read"));
        if (granted)
            answer.IsGranted();
        else
            IsNoClient(answer, isProven: !string.IsNullOrEmpty(secret));
    }

    [Theory]
    [InlineData("demo:" + IdentityHost.DemoSecret, true)]
    [InlineData("d%65mo:" + IdentityHost.DemoSecret, true)]
    [InlineData("demo:wrong", false)]
    [InlineData("demo:", false)]
    [InlineData("demo", false)]
    [InlineData(":", false)]
    public async Task Section_2_3_1_a_secret_in_the_header_is_as_good(string pair, bool granted)
    {
        using var client = OAuthClient.Demo(host);
        var answer = await client.SendAsync(WithBasic(pair, ("grant_type", "client_credentials"), ("scope", "catalog.read")));
        if (granted)
            answer.IsGranted();
        else
            IsNoClient(answer, isProven: pair.EndsWith("wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Section_2_3_two_ways_at_once_are_refused()
    {
        using var client = OAuthClient.Demo(host);
        var twice = await client.SendAsync(WithBasic(
            "demo:" + IdentityHost.DemoSecret, ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", IdentityHost.DemoSecret)));
        twice.IsRefused("invalid_request");

        using var service = OAuthClient.OrdersService(host);
        var other = await service.SendAsync(WithBasic(
            "demo:" + IdentityHost.DemoSecret, ("grant_type", "client_credentials"),
            ("client_assertion_type", OAuthClient.AssertionType), ("client_assertion", service.Assertion().Write())));
        Assert.Contains(other.Error(), (string[])["invalid_request", "invalid_client"]);
    }

    [Fact]
    public async Task Section_3_1_a_posted_request_is_as_good_and_JSON_is_none()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var posted = await person.Browser.PostAsync("/connect/authorize", [.. call.Parameters.Select(pair => (pair.Key, pair.Value))]);
        var answer = (await CodeCall.ConsentAsync(person, posted)).Query();
        (await call.RedeemAsync(answer["code"])).IsGranted();

        using var json = new HttpRequestMessage(HttpMethod.Post, "/connect/authorize") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        var refused = await person.Browser.SendAsync(json);
        Assert.True(refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType || refused.Path() == "/error", $"{refused.Status} {refused.Location}");
    }

    [Fact]
    public async Task Section_3_1_a_repeated_parameter_is_told_to_the_person_alone()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var answer = await person.Browser.GetAsync(await new CodeCall(client).AddressAsync() + "&redirect_uri=https%3A%2F%2Fevil.example");
        IsToldToThePerson(answer);
    }

    /// <summary>While client or address are in doubt, nothing leaves for the address.</summary>
    [Theory]
    [InlineData("client_id", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "demo")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "secureshop://callback/")]
    [InlineData("redirect_uri", "secureshop://callback?x=1")]
    [InlineData("redirect_uri", "secureshop://Callback")]
    [InlineData("redirect_uri", "secureshop://callback.evil.example")]
    [InlineData("redirect_uri", "secureshop://callback#")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "/account")]
    public async Task Section_3_1_2_4_a_doubtful_client_or_address_ends_on_our_own_page(string name, string? value)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var answer = await person.Browser.GetAsync(await new CodeCall(client).With(name, value).AddressAsync());
        IsToldToThePerson(answer);
        var page = await person.Browser.FollowAsync(answer);
        Assert.DoesNotContain("evil.example", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?reason=%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("?reason=call%20this%20number")]
    [InlineData("?errorId=forged")]
    public async Task Section_3_1_2_4_a_forged_address_of_that_page_says_nothing(string query)
    {
        using var person = await Person.SomebodyAsync(host);
        var page = await person.Browser.GetAsync("/error" + query);
        Assert.DoesNotContain("alert(1)", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("this number", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_3_2_the_token_endpoint_takes_forms_with_each_parameter_once()
    {
        using var client = OAuthClient.Demo(host);
        using var json = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        Assert.Contains((await client.SendAsync(json)).Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType]);
        KeyValuePair<string, string>[] fields =
            [new("grant_type", "client_credentials"), new("client_id", "demo"), new("client_secret", IdentityHost.DemoSecret), new("scope", "catalog.read"), new("scope", "catalog.write")];
        using var twice = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new FormUrlEncodedContent(fields) };
        (await client.SendAsync(twice)).IsRefused("invalid_request");

        // A secret in an address ends up in logs.
        using var query = new HttpRequestMessage(HttpMethod.Post, "/connect/token?grant_type=client_credentials&client_id=demo&client_secret=" + IdentityHost.DemoSecret)
        {
            Content = new FormUrlEncodedContent([]),
        };
        Assert.Contains((await client.SendAsync(query)).Error(), (string[])["invalid_client", "invalid_request"]);
    }

    [Theory]
    [InlineData("PUT", "/connect/authorize", "GET, POST")]
    [InlineData("GET", "/connect/token", "POST")]
    [InlineData("DELETE", "/connect/token", "POST")]
    [InlineData("GET", "/connect/par", "POST")]
    [InlineData("GET", "/connect/deviceauthorization", "POST")]
    [InlineData("GET", "/connect/introspect", "POST")]
    [InlineData("GET", "/connect/revocation", "POST")]
    [InlineData("PUT", "/connect/userinfo", "GET, POST")]
    [InlineData("DELETE", "/connect/endsession", "GET, POST")]
    [InlineData("POST", "/.well-known/openid-configuration", "GET")]
    [InlineData("POST", "/.well-known/oauth-authorization-server", "GET")]
    [InlineData("POST", "/.well-known/openid-configuration/jwks", "GET")]
    [Trait("Practice", "P19")]
    public async Task Section_3_1_and_3_2_other_verbs_are_refused_with_those_that_work(string method, string path, string allow)
    {
        using var client = OAuthClient.Demo(host);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal(allow, answer.Headers["Allow"].Replace("HEAD, ", "", StringComparison.Ordinal).Replace(", HEAD", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Section_4_1_2_a_good_request_gets_a_code_and_its_state_back()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var answer = await CodeCall.ConsentAsync(person, await new CodeCall(client).OpenAsync(person));
        Assert.StartsWith(client.RedirectUri + "?", answer.Location, StringComparison.Ordinal);
        Assert.Equal(["code", "iss", "state"], answer.Query().Keys.Order(StringComparer.Ordinal));
        Assert.Equal("st&te", answer.Query()["state"]);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "id_token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_type", "code token", "unsupported_response_type")]
    [InlineData("response_type", "none", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "web_message", "invalid_request")]
    [InlineData("scope", "openid catalog", "invalid_scope")]
    [InlineData("scope", "openid catalog.reserve", "invalid_scope")]
    [InlineData("scope", "openid no.such", "invalid_scope")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "surprise", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    public async Task Section_4_1_2_1_a_bad_parameter_goes_back_as_an_error_without_a_code(string name, string? value, string error)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var answer = await new CodeCall(client).With(name, value).AnswerAsync(person);
        Assert.Equal(error, answer["error"]);
        Assert.Equal("st&te", answer["state"]);
        Assert.DoesNotContain("code", answer.Keys);
    }

    [Theory]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("request_uri", "http://169.254.169.254/")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:made-up")]
    public async Task Section_4_1_2_1_requests_by_reference_or_in_a_token_are_not_followed(string name, string value)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var answer = await new CodeCall(client).With(name, value).OpenAsync(person);
        Assert.DoesNotContain("code=", answer.Location ?? "", StringComparison.Ordinal);
        Assert.True(answer.Location!.StartsWith(client.RedirectUri, StringComparison.Ordinal) ? answer.Query().ContainsKey("error") : answer.Path() == "/error", answer.Location);
    }

    public static TheoryData<string, string?, string> Spoilers => new()
    {
        { "code", null, "invalid_request" },
        { "code", "wrong", "invalid_grant" },
        { "code", new string('x', 101), "invalid_grant" },
        { "redirect_uri", null, "invalid_request" },
        { "redirect_uri", "http://127.0.0.1/callback", "invalid_grant" },
    };

    [Theory]
    [MemberData(nameof(Spoilers))]
    public async Task Section_4_1_3_a_spoiled_exchange_is_refused(string name, string? value, string error)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var answer = await call.RedeemAsync(await call.CodeAsync(person), (name, value));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(answer.Error(), (string[])[error, "invalid_grant"]);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_4_1_3_another_client_can_neither_use_nor_spoil_a_code()
    {
        using var client = OAuthClient.Mobile(host);
        using var thief = OAuthClient.Partner(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        (await thief.TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri), ("code_verifier", call.Verifier)))
            .IsRefused("invalid_grant");
        (await call.RedeemAsync(code)).IsGranted();
    }

    [Fact]
    [Trait("Practice", "P03")]
    public async Task Section_4_1_2_a_code_used_twice_ends_what_came_of_it()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var code = await call.CodeAsync(person);
        var tokens = (await call.RedeemAsync(code)).IsGranted();
        Assert.Equal(HttpStatusCode.OK, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);

        (await call.RedeemAsync(code)).IsRefused("invalid_grant");
        (await client.RefreshAsync(tokens.Text("refresh_token"))).IsRefused("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.Text("access_token"))).Status);
    }

    [Fact]
    public async Task Section_4_1_2_a_code_raced_over_replicas_is_used_once_at_most()
    {
        using var client = OAuthClient.Mobile(host);
        using var elsewhere = client.At(replicas.Two);
        using var person = await Person.SomebodyAsync(host);
        for (var round = 0; round < 3; round++)
        {
            var call = new CodeCall(client);
            var code = await call.CodeAsync(person);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? client : elsewhere).TokenAsync(
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri), ("code_verifier", call.Verifier))));
            Assert.True(answers.Count(answer => answer.Status == HttpStatusCode.OK) <= 1, "A code gave tokens more than once.");
            foreach (var winner in answers.Where(answer => answer.Status == HttpStatusCode.OK))
                (await client.RefreshAsync(winner.Json().Text("refresh_token"))).IsRefused("invalid_grant");
        }
    }

    [Theory]
    [InlineData("catalog.read", true)]
    [InlineData(null, true)]
    [InlineData("catalog.write", false)]
    [InlineData("catalog", false)]
    [InlineData("openid", false)]
    [InlineData("offline_access", false)]
    [InlineData("catalog.read orders.read", false)]
    public async Task Section_4_4_a_client_gets_its_own_scopes_and_no_refresh_token(string? scope, bool granted)
    {
        using var client = OAuthClient.Demo(host);
        var answer = await client.TokenAsync(("grant_type", "client_credentials"), ("scope", scope));
        if (!granted)
        {
            answer.IsRefused(scope == "offline_access" ? EngineDifferences.RefreshTokenOfAService : "invalid_scope");
            return;
        }

        Assert.Equal("catalog.read", answer.IsGranted().Payload().Text("scope"));
        Assert.False(answer.Json().TryGetProperty("refresh_token", out _));
        Assert.False(answer.Json().TryGetProperty("id_token", out _));
    }

    [Fact]
    public async Task Section_4_4_3_who_acts_for_people_too_gets_nothing_of_theirs_in_its_own_name()
    {
        using var client = OAuthClient.Of(host, "partner");
        var answer = await client.TokenAsync(("grant_type", "client_credentials"));
        var scopes = answer.IsGranted().Payload().Text("scope").Split(' ');
        Assert.All(scopes, scope => Assert.Matches("^(catalog|orders)[.]", scope));
        Assert.False(answer.Json().TryGetProperty("refresh_token", out _));
        Assert.False(answer.Json().TryGetProperty("id_token", out _));
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("cli")]
    [InlineData("storefront")]
    public async Task Section_4_4_who_acts_for_people_has_no_token_of_its_own(string id)
    {
        using var client = OAuthClient.Of(host, id);
        Assert.Contains((await client.TokenAsync(("grant_type", "client_credentials"), ("scope", "catalog.read"))).Error(), (string[])["unauthorized_client", "invalid_client", EngineDifferences.NoProof]);
    }

    [Fact]
    public async Task Section_5_1_an_answer_with_tokens_is_stored_by_nobody()
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var call = new CodeCall(client);
        var answer = await call.RedeemAsync(await call.CodeAsync(person));
        var tokens = answer.IsGranted();
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Equal("Bearer", tokens.Text("token_type"));
        Assert.InRange(tokens.GetProperty("expires_in").GetInt32(), 298, 300);
        if (tokens.TryGetProperty("scope", out var scope))
            Assert.Equal(CodeCall.AllScopes, scope.GetString());
    }

    [Theory]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("implicit", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code", null)]
    [InlineData("authorization_code", null)]
    [InlineData("refresh_token", null)]
    [InlineData("urn:secureshop:params:oauth:grant-type:api-key", "unauthorized_client")]
    [InlineData("", "invalid_request")]
    public async Task Section_5_2_other_grants_are_not_served(string grant, string? error)
    {
        using var client = OAuthClient.Demo(host);
        var answer = await client.TokenAsync(
            ("grant_type", grant), ("username", "alice"), ("password", "secret"), ("scope", "catalog.read"), ("code", "x"), ("refresh_token", "x"), ("device_code", "x"),
            ("redirect_uri", "x"), ("code_verifier", new string('a', 43)), ("assertion", "x"), ("subject_token", "x"), ("subject_token_type", "x"), ("api_key", "x"));

        // Where the grant itself is looked at first, that is what is wrong.
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(answer.Error(), error is null ? ["unauthorized_client", "invalid_grant", "invalid_request"] : (string[])[error]);
    }

    [Theory]
    [InlineData("catalog.read", true)]
    [InlineData("openid catalog.read", true)]
    [InlineData("catalog.read orders.write", false)]
    [InlineData("catalog.write", false)]
    public async Task Section_6_a_refresh_may_ask_for_less_but_not_for_more(string scope, bool granted)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var tokens = await CodeCall.TokensAsync(client, person);
        var answer = await client.RefreshAsync(tokens.Text("refresh_token"), ("scope", scope));
        if (granted)
            Assert.Equal(scope.Split(' ').Order(StringComparer.Ordinal), answer.IsGranted().Payload().Text("scope").Split(' ').Order(StringComparer.Ordinal));
        else
            answer.IsRefused("invalid_scope");
    }

    [Fact]
    public async Task Section_6_another_client_cannot_refresh()
    {
        using var client = OAuthClient.Mobile(host);
        using var thief = OAuthClient.Partner(host);
        using var person = await Person.SomebodyAsync(host);
        var token = (await CodeCall.TokensAsync(client, person)).Text("refresh_token");
        (await thief.RefreshAsync(token)).IsRefused("invalid_grant");
        (await client.RefreshAsync(token)).IsGranted();
    }

    private static void IsToldToThePerson(Answer answer)
    {
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal("/error", answer.Path());
    }

    private static void IsNoClient(Answer answer, bool isProven)
    {
        if (!isProven && answer.Status == HttpStatusCode.BadRequest)
        {
            Assert.Equal(EngineDifferences.NoProof, answer.Error());
            return;
        }

        answer.IsRefused("invalid_client", HttpStatusCode.Unauthorized);
        Assert.StartsWith("Basic", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    private static HttpRequestMessage WithBasic(string pair, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        return request;
    }
}
