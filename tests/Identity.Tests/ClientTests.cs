using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

public sealed class ClientTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Theory]
    [Trait("Practice", "P12")]
    [InlineData("catalog.read", true)]
    [InlineData("catalog.write", false)]
    [InlineData("catalog.reserve", false)]
    [InlineData("orders.admin", false)]
    [InlineData("catalog", false)]
    public async Task The_demo_client_gets_catalog_read_and_nothing_else(string scope, bool granted)
    {
        using var browser = host.Browse();
        var answer = await browser.PostAsync(
            "/connect/token", ("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", IdentityHost.DemoSecret), ("scope", scope));
        Assert.Equal(granted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        if (!granted)
            Assert.Equal("invalid_scope", answer.Json().GetProperty("error").GetString());
    }

    [Theory]
    [Trait("Practice", "P01")]
    [InlineData("demo", IdentityHost.DemoSecret, true)]
    [InlineData("demo", IdentityHost.DemoSecret + "x", false)]
    [InlineData("demo", "", false)]
    [InlineData("orders-service", IdentityHost.DemoSecret, false)]
    [InlineData("nobody", IdentityHost.DemoSecret, false)]
    public async Task A_secret_opens_only_for_its_own_client(string client, string secret, bool granted)
    {
        using var browser = host.Browse();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}")));
        var answer = await browser.SendAsync(request);
        if (granted)
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        else
            Assert.Contains(answer.Json().GetProperty("error").GetString(), (string[])["invalid_client", "invalid_request"]);
    }

    [Theory]
    [Trait("Practice", "P01")]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("client_credentials")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    public async Task The_app_has_no_other_way_to_a_token_than_the_code(string grant)
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var answer = await browser.PostAsync(
            "/connect/token", ("grant_type", grant), ("client_id", "mobile"), ("username", email), ("password", Browser.Password), ("scope", "catalog.read"));
        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);
        Assert.False(answer.Json().TryGetProperty("access_token", out _));
    }

    [Theory]
    [Trait("Practice", "P01")]
    [InlineData("secureshop://callback/")]
    [InlineData("secureshop://callback.evil.example")]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://localhost:8080/callback")]
    public async Task A_redirect_address_that_is_not_registered_ends_on_our_own_error_page(string redirect)
    {
        using var browser = host.Browse();
        var path = new CodeRequest("openid").Path.Replace(Uri.EscapeDataString(CodeRequest.Redirect), Uri.EscapeDataString(redirect), StringComparison.Ordinal);
        var answer = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.StartsWith("/error?reason=invalid_request", answer.Location!.PathAndQuery(), StringComparison.Ordinal);
        var page = await browser.GetAsync(answer.Location!.PathAndQuery());
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Sign-in stopped", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", page.Body, StringComparison.Ordinal);
    }
}
