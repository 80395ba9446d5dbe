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

    [Theory(Skip = "The stand-in answers 405 to HEAD; it gives way to another server.")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/openid-configuration/jwks")]
    public async Task Head_works_where_get_does(string path)
    {
        await using var server = await Replica.StartAsync();
        using var browser = server.OpenBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await browser.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static IEnumerable<string?> List(JsonElement document, string name) => document.GetProperty(name).EnumerateArray().Select(value => value.GetString());
}
