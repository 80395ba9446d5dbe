using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.Identity.Events;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>API keys at the token endpoint (RFC 6749, 4.5): the gateway gets a token of five minutes for one, and nobody else does.</summary>
[Trait("Practice", "P05")]
public sealed class ApiKeyGrantTests(PostgresFixture postgres, RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime, IDisposable
{
    private const string GrantType = "urn:secureshop:params:oauth:grant-type:api-key";

    private readonly ECDsa gatewayKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private IdentityHost host = null!;

    public async ValueTask InitializeAsync()
    {
        host = await IdentityHost.StartAsync(
            postgres, [("Clients:GatewayKey", Convert.ToBase64String(gatewayKey.ExportSubjectPublicKeyInfo())), .. redis.Settings]);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    public void Dispose() => gatewayKey.Dispose();

    [Fact]
    [Trait("Practice", "P02")]
    [Trait("Practice", "P12")]
    public async Task The_gateway_gets_a_short_token_with_the_scopes_of_the_key_and_no_refresh_token()
    {
        var key = await KeyAsync(Scope.OrdersRead, Scope.CatalogRead);
        var answer = await ExchangeAsync(key);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        Assert.InRange(answer.Json().GetProperty("expires_in").GetInt32(), 290, 300);
        Assert.False(answer.Json().TryGetProperty("refresh_token", out _));
        Assert.False(answer.Json().TryGetProperty("id_token", out _));

        var token = new JsonWebToken(answer.Json().GetProperty("access_token").GetString());
        Assert.Equal(("at+jwt", "gateway"), (token.Typ, token.GetClaim("client_id").Value));
        Assert.Equal([Scope.CatalogRead, Scope.OrdersRead], token.GetClaim("scope").Value.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal(token.GetClaim("scope").Value, answer.Json().GetProperty("scope").GetString());
        Assert.Equal(["catalog", "orders"], token.Audiences.Order(StringComparer.Ordinal));
        Assert.Equal(["customer"], token.Claims.Where(claim => claim.Type == "role").Select(claim => claim.Value));
        Assert.True(Guid.TryParse(token.Subject, out _));

        var narrowed = await ExchangeAsync(key, Scope.OrdersRead);
        Assert.Equal(Scope.OrdersRead, new JsonWebToken(narrowed.Json().GetProperty("access_token").GetString()).GetClaim("scope").Value);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_bad_key_gets_the_same_answer_whatever_is_wrong_with_it_and_leaves_one_event()
    {
        var good = await KeyAsync(Scope.OrdersRead);
        var answers = new List<string>();
        foreach (var (key, scope, reason) in ((string?, string?, string)[])
        [
            (null, null, IdentityRefusal.ApiKeyShape), ("", null, IdentityRefusal.ApiKeyShape), ("nonsense", null, IdentityRefusal.ApiKeyShape),
            (ApiKeyFormat.Make(), null, IdentityRefusal.ApiKeyUnknown), (good, Scope.OrdersWrite, IdentityRefusal.ApiKeyScope),
        ])
        {
            host.Events.Clear();
            var answer = await ExchangeAsync(key, scope);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Json().GetProperty("error").GetString()));
            answers.Add(answer.Body);
            Assert.Equal(reason, Assert.Single(host.Events.All, one => one["Reason"] is not null)["Reason"]);
        }

        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync(good)).Status);
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task No_line_of_the_log_holds_a_key_that_was_exchanged_or_refused()
    {
        var key = await KeyAsync(Scope.OrdersRead);
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync(key)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await ExchangeAsync(key, Scope.OrdersRefund)).Status);
        Assert.NotEmpty(host.Log.Lines);
        Assert.DoesNotContain(key, host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P01")]
    public async Task No_other_client_may_exchange_a_key_and_the_gateway_may_do_nothing_else()
    {
        var key = await KeyAsync(Scope.OrdersRead);
        using var browser = host.Browse();
        foreach (var form in ((string, string?)[][])
        [
            [("client_id", "mobile")],
            [("client_id", "cli")],
            [("client_id", "demo"), ("client_secret", IdentityHost.DemoSecret)],
            ClientProof("orders-service", IdentityHost.OrdersKey),
            [],
        ])
        {
            var answer = await browser.PostAsync("/connect/token", [("grant_type", GrantType), ("api_key", key), .. form]);
            Assert.InRange((int)answer.Status, 400, 401);
            Assert.DoesNotContain("access_token", answer.Body, StringComparison.Ordinal);
        }

        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = await browser.PostAsync("/connect/token", [("grant_type", GrantType), ("api_key", key), .. ClientProof("gateway", stranger)]);
        Assert.Equal("invalid_client", forged.Json().GetProperty("error").GetString());
        var other = await browser.PostAsync("/connect/token", [("grant_type", "client_credentials"), .. ClientProof("gateway", gatewayKey)]);
        Assert.Equal("unauthorized_client", other.Json().GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync(key)).Status);
    }

    private async Task<string> KeyAsync(params string[] scopes)
    {
        using var browser = host.Browse();
        await browser.LoginAsync(await browser.NewPersonAsync());
        var page = await browser.SubmitAsync("/account/keys", [("Name", "Key"), ("Days", "30"), .. scopes.Select(scope => ("Scope", (string?)scope))]);
        var start = page.Body.IndexOf(ApiKeyFormat.Start, StringComparison.Ordinal);
        return page.Body[start..(start + ApiKeyFormat.Length)];
    }

    private async Task<Answer> ExchangeAsync(string? key, string? scope = null)
    {
        using var browser = host.Browse();
        return await browser.PostAsync("/connect/token", [("grant_type", GrantType), ("api_key", key), ("scope", scope), .. ClientProof("gateway", gatewayKey)]);
    }

    private static (string, string?)[] ClientProof(string client, ECDsa key)
    {
        var now = TimeProvider.System.GetUtcNow();
        var assertion = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["iss"] = client,
                ["sub"] = client,
                ["aud"] = IdentityHost.Issuer,
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = now.AddSeconds(60).ToUnixTimeSeconds(),
            },
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256)
            {
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        });
        return [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion)];
    }
}
