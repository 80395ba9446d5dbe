namespace SecureShop.IdentityServer.Tests;

[Trait("Practice", "P01")]
public sealed class DiscoveryTests
{
    [Fact]
    public async Task The_document_tells_what_the_server_does_and_nothing_else()
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();

        var document = await browser.GetJsonAsync("/.well-known/openid-configuration");

        Assert.Equal(TestShop.Issuer, document.Text("issuer"));
        Assert.Equal(TestShop.Issuer + "/connect/authorize", document.Text("authorization_endpoint"));
        Assert.Equal(TestShop.Issuer + "/connect/token", document.Text("token_endpoint"));
        Assert.Equal(TestShop.Issuer + "/.well-known/openid-configuration/jwks", document.Text("jwks_uri"));
        Assert.Equal(["code"], List(document, "response_types_supported"));
        Assert.Equal(["S256"], List(document, "code_challenge_methods_supported"));
        Assert.Equal(["ES256"], List(document, "id_token_signing_alg_values_supported"));
        Assert.Equal(["authorization_code", "client_credentials", "refresh_token"], List(document, "grant_types_supported"));
        Assert.Equal(["PS256", "ES256"], List(document, "token_endpoint_auth_signing_alg_values_supported"));
        Assert.DoesNotContain("secret.scope", List(document, "scopes_supported"));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.False(document.GetProperty("request_uri_parameter_supported").GetBoolean());
    }

    [Fact]
    public async Task Caches_may_keep_it_as_long_as_the_host_says()
    {
        await using var server = await Replica.StartAsync(configure: options => options.Discovery.ResponseCacheInterval = 60);
        using var browser = server.OpenBrowser();

        using var document = await browser.GetAsync("/.well-known/oauth-authorization-server");
        using var keys = await browser.GetAsync("/.well-known/openid-configuration/jwks");

        Assert.Equal("public, max-age=60", document.Headers.CacheControl?.ToString());
        Assert.Equal("public, max-age=60", keys.Headers.CacheControl?.ToString());
        Assert.Equal("application/jwk-set+json", keys.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task An_endpoint_that_is_switched_off_is_not_there()
    {
        await using var server = await Replica.StartAsync(configure: options => options.Endpoints.EnableUserInfoEndpoint = false);
        using var browser = server.OpenBrowser();

        using var response = await browser.GetAsync("/connect/userinfo");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData(TestShop.AppOrigin, TestShop.AppOrigin)]
    [InlineData("https://evil.example", null)]
    [InlineData("https://app.test.evil.example", null)]
    [InlineData("http://app.test", null)]
    [InlineData("null", null)]
    [Trait("Practice", "P26")]
    public async Task Browsers_may_call_from_registered_origins_only(string origin, string? allowed)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/connect/token");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var call = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration");
        call.Headers.Add("Origin", origin);

        using var asked = await browser.Http.SendAsync(preflight, TestContext.Current.CancellationToken);
        using var called = await browser.Http.SendAsync(call, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        foreach (var response in new[] { asked, called })
        {
            Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
            Assert.Equal("Origin", string.Join(',', response.Headers.Vary));
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    private static IEnumerable<string?> List(JsonElement document, string name) => document.GetProperty(name).EnumerateArray().Select(value => value.GetString());
}
