using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>DPoP at the door (RFC 9449): nonces, and each proof once, whichever replica it comes to; and where a refused client finds its way (RFC 9728).</summary>
public sealed class BoundTokenTests : IAsyncLifetime
{
    private const string Metadata = "resource_metadata=\"https://localhost:7443/.well-known/oauth-protected-resource/api/orders\"";

    private readonly TestProver client = new();
    private string token = "";
    private GatewayHost one = null!;
    private GatewayHost two = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        token = Token(client.Thumbprint);
        one = await GatewayHost.StartAsync();
        two = await GatewayHost.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        client.Dispose();
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task The_nonce_that_it_asks_for_is_good_at_any_replica_for_five_minutes()
    {
        var asked = await AskAsync(one, Proof(one, nonce: null));
        Assert.Equal((HttpStatusCode.Unauthorized, $"DPoP algs=\"ES256\", error=\"use_dpop_nonce\", {Metadata}"), (asked.Status, asked.Challenge));
        var nonce = Assert.IsType<string>(asked.Nonce);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(one, Proof(one, nonce))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(two, Proof(two, nonce))).Status);

        two.Clock.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(50));
        token = Token(client.Thumbprint, two.Clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(two, Proof(two, nonce))).Status);
        two.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull((await AskAsync(two, Proof(two, nonce))).Nonce);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64url!")]
    [InlineData("AAABljRKJzQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [Trait("Practice", "P04")]
    public async Task A_nonce_that_is_not_ours_is_as_good_as_none(string nonce)
        => Assert.NotNull((await AskAsync(one, Proof(one, nonce))).Nonce);

    [Fact]
    [Trait("Practice", "P04")]
    public async Task Of_a_thousand_copies_that_race_over_two_replicas_one_passes()
    {
        var proof = Proof(one, await NonceAsync());
        using var gate = new SemaphoreSlim(64);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async number =>
        {
            await gate.WaitAsync(Cancellation);
            try
            {
                return (await AskAsync(number % 2 == 0 ? one : two, proof)).Status;
            }
            finally
            {
                gate.Release();
            }
        }));
        Assert.Equal([(HttpStatusCode.OK, 1), (HttpStatusCode.Unauthorized, 999)], answers.CountBy(status => status).Select(count => (count.Key, count.Value)).Order());
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task Its_public_address_is_what_a_proof_is_for_and_the_service_gets_both()
    {
        var nonce = await NonceAsync();
        var wrong = client.Prove("GET", "https://localhost:7444/api/orders", one.Clock.GetUtcNow(), token);
        wrong.Claims["nonce"] = nonce;
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(one, wrong.Write())).Status);

        var proof = Proof(one, nonce);
        using var answer = await SendAsync(one, proof);
        var echo = await answer.Content.ReadFromJsonAsync<Echo>(Cancellation);
        Assert.Equal(($"DPoP {token}", proof), (echo!.Headers["Authorization"], echo.Headers.Single(header => header.Key.Equals("DPoP", StringComparison.OrdinalIgnoreCase)).Value));
    }

    [Theory]
    [InlineData("/api/orders/", "/api/orders", true)]
    [InlineData("/API/orders", "/api/orders", true)]
    [InlineData("/API/orders", "/API/orders", false)]
    [InlineData("/api/orders/", "/api/orders/", false)]
    [Trait("Practice", "P04")]
    public async Task An_address_has_one_spelling_at_the_door_as_at_the_service(string path, string proven, bool passes)
    {
        var proof = client.Prove("GET", "https://localhost:7443" + proven, one.Clock.GetUtcNow(), token);
        proof.Claims["nonce"] = await NonceAsync();
        using var answer = await one.SendAsync(HttpMethod.Get, path, headers: [("Authorization", $"DPoP {token}"), ("DPoP", proof.Write())]);
        Assert.Equal(passes ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task A_bound_token_passes_as_no_bearer_token()
    {
        using var answer = await one.GetAsync("/api/orders", token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal($"DPoP algs=\"ES256\", error=\"invalid_token\", {Metadata}", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task Without_Redis_nobody_can_tell_copies_and_none_passes()
    {
        var nonce = await NonceAsync();
        await using var alone = await GatewayHost.StartAsync(settings:
            [("ConnectionStrings:redis", "localhost:1,ssl=true,password=none"), ("Limits:Replicas", "1"), .. TestLimits.Of("address_read", 3)]);
        for (var time = 0; time < 2; time++)
        {
            using var answer = await SendAsync(alone, Proof(alone, nonce));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, answer.Headers.RetryAfter is not null));
            Assert.Empty(answer.Headers.WwwAuthenticate);
        }

        // What is bound to no key needs none.
        using var unbound = await alone.GetAsync("/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersRead], [Role.Customer]));
        Assert.Equal(HttpStatusCode.OK, unbound.StatusCode);

        // What cannot be judged is counted like everything else.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(alone, Proof(alone, nonce))).Status);
    }

    [Fact]
    [Trait("Practice", "P26")]
    public async Task Listed_pages_may_send_proofs_and_read_nonces()
    {
        using var preflight = await one.SendAsync(
            HttpMethod.Options, "/api/orders",
            headers: [("Origin", "https://partner.example"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization,dpop")]);
        Assert.Contains("DPoP", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        using var refused = await one.SendAsync(HttpMethod.Get, "/api/orders", headers: ("Origin", "https://partner.example"));
        Assert.Contains("DPoP-Nonce", refused.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "/api/orders", "orders.read")]
    [InlineData("catalog", "/api/catalog/products", "catalog.write")]
    [Trait("Practice", "P02")]
    public async Task A_refusal_leads_to_where_tokens_come_from(string api, string path, string scope)
    {
        using var refused = await one.SendAsync(path == "/api/orders" ? HttpMethod.Get : HttpMethod.Post, path);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var address = $"https://localhost:7443/.well-known/oauth-protected-resource/api/{api}";
        Assert.Equal(
            [$"Bearer scope=\"{scope}\", resource_metadata=\"{address}\"", $"DPoP algs=\"ES256\", scope=\"{scope}\", resource_metadata=\"{address}\""],
            refused.Headers.NonValidated["WWW-Authenticate"]);

        using var answer = await one.GetAsync(new Uri(address).AbsolutePath);
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl!.ToString());
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal($"https://localhost:7443/api/{api}", document.GetProperty("resource").GetString());
        Assert.Equal(TestTokens.Issuer, Assert.Single(document.GetProperty("authorization_servers").EnumerateArray()).GetString());
        Assert.Contains(scope, document.GetProperty("scopes_supported").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal("ES256", Assert.Single(document.GetProperty("dpop_signing_alg_values_supported").EnumerateArray()).GetString());
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task Metadata_is_the_shops_and_of_its_apis_alone()
    {
        using var elsewhere = await GatewayHost.SendAsync(one.Identity, HttpMethod.Get, "/.well-known/oauth-protected-resource/api/orders");
        var echo = await elsewhere.Content.ReadFromJsonAsync<Echo>(Cancellation);
        Assert.Equal("identity", echo!.Service);
        using var unknown = await one.GetAsync("/.well-known/oauth-protected-resource/api/payments");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static string Token(string thumbprint, DateTimeOffset? now = null) => TestTokens.Create("orders", "alice", [Scope.OrdersRead], [Role.Customer], made =>
    {
        made.Claims["cnf"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["jkt"] = thumbprint };
        if (now is { } time)
            (made.Claims["iat"], made.Claims["nbf"], made.Claims["exp"]) = (time.ToUnixTimeSeconds(), time.ToUnixTimeSeconds(), time.AddMinutes(5).ToUnixTimeSeconds());
    });

    private async Task<string> NonceAsync() => Assert.IsType<string>((await AskAsync(one, Proof(one, nonce: null))).Nonce);

    private string Proof(GatewayHost gateway, string? nonce)
    {
        var proof = client.Prove("GET", "https://localhost:7443/api/orders", gateway.Clock.GetUtcNow(), token);
        if (nonce is not null)
            proof.Claims["nonce"] = nonce;
        return proof.Write();
    }

    private async Task<(HttpStatusCode Status, string Challenge, string? Nonce)> AskAsync(GatewayHost gateway, string proof)
    {
        using var answer = await SendAsync(gateway, proof);
        return (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString(), answer.Headers.TryGetValues("DPoP-Nonce", out var nonces) ? nonces.Single() : null);
    }

    private Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string proof)
        => gateway.SendAsync(HttpMethod.Get, "/api/orders", headers: [("Authorization", $"DPoP {token}"), ("DPoP", proof)]);
}
