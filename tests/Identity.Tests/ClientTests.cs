using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

public sealed class ClientTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P01")]
    [Trait("Practice", "P12")]
    public async Task The_orders_service_proves_itself_by_its_key_and_gets_one_scope_for_one_api()
    {
        using var browser = host.Browse();
        var answer = await browser.PostAsync("/connect/token", WithAssertion(Assertion(IdentityHost.OrdersKey)));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        var token = new JsonWebToken(answer.Json().GetProperty("access_token").GetString());
        Assert.Equal(["catalog"], token.Audiences);
        Assert.Equal("catalog.reserve", token.GetClaim("scope").Value);
        Assert.Equal("orders-service", token.GetClaim("client_id").Value);
        Assert.DoesNotContain(token.Claims, c => c.Type is "role");
    }

    [Fact]
    [Trait("Practice", "P01")]
    public async Task A_wrong_key_a_stale_a_misdirected_or_a_repeated_assertion_is_refused()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var browser = host.Browse();
        var good = Assertion(IdentityHost.OrdersKey);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/connect/token", WithAssertion(good))).Status);
        foreach (var bad in (string[])
        [
            good,
            Assertion(stranger),
            Assertion(IdentityHost.OrdersKey, seconds: -120),
            Assertion(IdentityHost.OrdersKey, audience: "https://evil.example"),
            Assertion(IdentityHost.OrdersKey, client: "demo"),
            "not.a.jwt",
        ])
        {
            var answer = await browser.PostAsync("/connect/token", WithAssertion(bad));
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized]);

            // RFC 6749, section 5.2: what cannot be read at all may be an invalid request.
            Assert.Contains(answer.Json().GetProperty("error").GetString(), (string[])["invalid_client", "invalid_request"]);
        }
    }

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
            Assert.Equal("invalid_client", answer.Json().GetProperty("error").GetString());
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
    [InlineData("http://127.0.0.1:8080/callback")]
    public async Task A_redirect_address_that_is_not_registered_ends_on_our_own_error_page(string redirect)
    {
        using var browser = host.Browse();
        var path = new CodeRequest("openid").Path.Replace(Uri.EscapeDataString(CodeRequest.Redirect), Uri.EscapeDataString(redirect), StringComparison.Ordinal);
        var answer = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.StartsWith("/error?errorId=", answer.Location!.PathAndQuery(), StringComparison.Ordinal);
        var page = await browser.GetAsync(answer.Location!.PathAndQuery());
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Sign-in stopped", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", page.Body, StringComparison.Ordinal);
    }

    private static (string, string?)[] WithAssertion(string assertion) =>
    [
        ("grant_type", "client_credentials"), ("scope", "catalog.reserve"), ("client_assertion_type", AssertionType), ("client_assertion", assertion),
    ];

    private static string Assertion(
        ECDsa key, string client = "orders-service", string audience = IdentityHost.Issuer, int seconds = 60)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["iss"] = client,
                ["sub"] = client,
                ["aud"] = audience,
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["iat"] = now.AddSeconds(Math.Min(0, seconds - 60)).ToUnixTimeSeconds(),
                ["exp"] = now.AddSeconds(seconds).ToUnixTimeSeconds(),
            },
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256)
            {
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        });
    }
}
