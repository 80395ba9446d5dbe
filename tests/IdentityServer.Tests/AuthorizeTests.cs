using Microsoft.AspNetCore.WebUtilities;

namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P01")]
public sealed class AuthorizeTests
{
    [Fact]
    public async Task A_good_request_gets_a_code_state_and_issuer_back()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        using var response = await browser.AuthorizeAsync(new AuthorizeCall());

        var answer = response.Answer();
        Assert.StartsWith(TestShop.Redirect + "?", response.Location(), StringComparison.Ordinal);
        Assert.Equal(["code", "iss", "state"], answer.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("st&te", answer["state"]);
        Assert.Equal(TestShop.Issuer, answer["iss"]);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task An_app_scheme_is_a_good_address()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        var tokens = await browser.TokensAsync(new AuthorizeCall { RedirectUri = TestShop.AppScheme });

        Assert.NotEmpty(tokens.Text("access_token"));
    }

    [Fact]
    public async Task A_posted_request_is_as_good_and_a_json_body_is_none()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        using var posted = await browser.PostAsync("/connect/authorize", new AuthorizeCall().ToParameters());
        using var json = await browser.PostAsync("/connect/authorize", [], request => request.Content = new StringContent("{}", null, "application/json"));

        Assert.NotEmpty(posted.Answer()["code"]);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
    }

    /// <summary>While client or address are in doubt, nothing leaves for the address.</summary>
    [Theory]
    [InlineData("client_id", null, "invalid_request")]
    [InlineData("client_id", "nobody", "unauthorized_client")]
    [InlineData("client_id", "off", "unauthorized_client")]
    [InlineData("client_id", "web", "invalid_request")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("redirect_uri", "https://app.test/callback/", "invalid_request")]
    [InlineData("redirect_uri", "https://app.test/callback?x=1", "invalid_request")]
    [InlineData("redirect_uri", "https://APP.test/callback", "invalid_request")]
    [InlineData("redirect_uri", "https://app.test/Callback", "invalid_request")]
    [InlineData("redirect_uri", "https://app.test.evil.example/callback", "invalid_request")]
    [InlineData("redirect_uri", "https://app.test/callback#", "invalid_request")]
    [InlineData("redirect_uri", "javascript:alert(1)", "invalid_request")]
    public async Task A_doubtful_client_or_address_ends_on_the_local_error_page(string name, string? value, string error)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        using var response = await browser.AuthorizeAsync(new AuthorizeCall().With(name, value));

        Assert.StartsWith("/error?errorId=", response.Location(), StringComparison.Ordinal);
        var shown = await browser.GetJsonAsync(response.Location());
        Assert.Equal(error, shown.Text("error"));
        Assert.Equal(["error", "errorDescription"], shown.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "id_token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_type", "code token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "web_message", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM", "invalid_request")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw/cM", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", "openid catalog", "invalid_scope")]
    [InlineData("scope", "openid catalog.write", "invalid_scope")]
    [InlineData("scope", "openid no.such", "invalid_scope")]
    [InlineData("scope", "profile", "invalid_scope")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "http://169.254.169.254/", "request_uri_not_supported")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "surprise", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    public async Task A_bad_parameter_goes_back_as_an_error_without_a_code(string name, string? value, string error)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        using var response = await browser.AuthorizeAsync(new AuthorizeCall().With(name, value));

        var answer = response.Answer();
        Assert.Equal(error, answer["error"]);
        Assert.Equal("st&te", answer["state"]);
        Assert.Equal(TestShop.Issuer, answer["iss"]);
        Assert.DoesNotContain("code", answer.Keys);
    }

    [Theory]
    [InlineData("nonce", 301)]
    [InlineData("state", 2001)]
    [InlineData("login_hint", 101)]
    [InlineData("scope", 301)]
    public async Task Too_long_values_are_refused(string name, int length)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        using var response = await browser.AuthorizeAsync(new AuthorizeCall().With(name, new string('x', length)));

        Assert.StartsWith("invalid_", response.Answer()["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_parameter_is_refused_locally()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        using var response = await browser.GetAsync(
            QueryHelpers.AddQueryString("/connect/authorize", new AuthorizeCall().ToParameters()) + "&redirect_uri=https%3A%2F%2Fevil.example");

        Assert.StartsWith("/error?", response.Location(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_post_sends_a_page_that_posts_itself_and_runs_nothing_else()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        await browser.SignInAsync("alice");

        using var response = await browser.AuthorizeAsync(new AuthorizeCall().With("response_mode", "form_post").With("state", "\"><script>alert(1)</script>"));

        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("name=\"code\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("script-src 'nonce-", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Null(response.Headers.Location);
    }

    [Theory]
    [InlineData("PUT", "/connect/authorize", "GET, POST")]
    [InlineData("POST", "/connect/authorize/callback", "GET")]
    [InlineData("GET", "/connect/token", "POST")]
    [InlineData("DELETE", "/connect/token", "POST")]
    [InlineData("GET", "/connect/revocation", "POST")]
    [InlineData("POST", "/.well-known/openid-configuration", "GET")]
    [InlineData("POST", "/.well-known/openid-configuration/jwks", "GET")]
    [InlineData("PUT", "/connect/userinfo", "GET, POST")]
    [InlineData("DELETE", "/connect/endsession", "GET, POST")]
    [Trait("Practice", "P19")]
    public async Task Wrong_verbs_are_405_with_allow(string method, string path, string allow)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await browser.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }
}
