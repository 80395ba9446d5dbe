using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests.Support;

/// <summary>A client of the token server: how it proves itself, and the key that its tokens are bound to.</summary>
internal sealed class OAuthClient(IdentityHost host, string id) : IDisposable
{
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly HttpClient http = Http(host);
    private readonly TimeProvider clock = host.Services.GetRequiredService<TimeProvider>();

    public string Id => id;

    public IdentityHost Host => host;

    /// <summary>Signs assertions; null where the client has another way, or none.</summary>
    public ECDsa? Key { get; init; }

    public string? Secret { get; init; }

    /// <summary>Makes proofs of possession; null where tokens are bearer tokens.</summary>
    public TestProver? Prover { get; init; }

    /// <summary>Whether it pushes its requests (RFC 9126).</summary>
    public bool Pushes { get; init; }

    public required string RedirectUri { get; init; }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The server's latest nonce (RFC 9449, 8).</summary>
    public string? Nonce { get; set; }

    public static OAuthClient Storefront(IdentityHost host, TestProver? prover = null)
        => new(host, "storefront") { Key = Replicas.StorefrontKey, Prover = prover ?? new(), Pushes = true, RedirectUri = Replicas.ShopOrigin + "/signin-oidc" };

    public static OAuthClient Partner(IdentityHost host, TestProver? prover = null)
        => new(host, "partner") { Key = Replicas.PartnerKey, Prover = prover ?? new(), Pushes = true, RedirectUri = Replicas.PartnerRedirect };

    public static OAuthClient Mobile(IdentityHost host, TestProver? prover = null) => new(host, "mobile") { Prover = prover, RedirectUri = "secureshop://callback" };

    public static OAuthClient Cli(IdentityHost host, TestProver? prover = null) => new(host, "cli") { Prover = prover, RedirectUri = "" };

    public static OAuthClient Demo(IdentityHost host) => new(host, "demo") { Secret = IdentityHost.DemoSecret, RedirectUri = "" };

    public static OAuthClient OrdersService(IdentityHost host) => new(host, "orders-service") { Key = IdentityHost.OrdersKey, RedirectUri = "" };

    /// <summary>The API, which asks about tokens.</summary>
    public static OAuthClient OrdersApi(IdentityHost host) => new(host, "orders") { Key = IdentityHost.OrdersKey, RedirectUri = "" };

    public static OAuthClient Of(IdentityHost host, string id) => id switch
    {
        "storefront" => Storefront(host),
        "partner" => Partner(host),
        "mobile" => Mobile(host),
        "mobile, bound" => Mobile(host, new()),
        "cli" => Cli(host),
        "demo" => Demo(host),
        "orders-service" => OrdersService(host),
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "No such client."),
    };

    /// <summary>The same program with another connection, to another replica.</summary>
    public OAuthClient At(IdentityHost other) => new(other, id) { Key = Key, Secret = Secret, Prover = Prover, Pushes = Pushes, RedirectUri = RedirectUri };

    public Task<Answer> TokenAsync(params (string Name, string? Value)[] form) => PostAsync("/connect/token", form);

    public Task<Answer> RefreshAsync(string token, params (string Name, string? Value)[] form)
        => TokenAsync([("grant_type", "refresh_token"), ("refresh_token", token), .. form]);

    public Task<Answer> PushAsync(params (string Name, string? Value)[] form) => PostAsync("/connect/par", form);

    public Task<Answer> RevokeAsync(string? token, params (string Name, string? Value)[] form)
        => PostAsync("/connect/revocation", [("token", token), .. form], proves: false);

    public Task<Answer> IntrospectAsync(string? token, params (string Name, string? Value)[] form)
        => PostAsync("/connect/introspect", [("token", token), .. form], proves: false);

    public Task<Answer> UserInfoAsync(string token) => ApiAsync(HttpMethod.Get, "/connect/userinfo", token);

    /// <summary>A request with an access token, and with the proof that belongs to it where tokens are bound.</summary>
    public async Task<Answer> ApiAsync(HttpMethod method, string path, string token, string? scheme = null, string? proof = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            if (method == HttpMethod.Post)
                request.Content = new FormUrlEncodedContent([]);
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme ?? (Prover is null ? "Bearer" : "DPoP"), token);
            if (proof is not null)
                request.Headers.Add("DPoP", proof);
            else if (Prover is not null)
                request.Headers.Add("DPoP", Proof(method, path, token).Write());
            var answer = await SendAsync(request);
            if (proof is not null || attempt > 0 || !TakeNonce(answer))
                return answer;
        }
    }

    /// <summary>Posts a form with the client's proofs. A value given here replaces one of the client's; null leaves it out.</summary>
    public async Task<Answer> PostAsync(string path, (string Name, string? Value)[] form, bool proves = true, string? proof = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            var fields = Identification();
            foreach (var (name, value) in form)
                fields[name] = value;
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(fields.Where(field => field.Value is not null)),
            };
            if (proof is not null)
                request.Headers.Add("DPoP", proof);
            else if (proves && Prover is not null)
                request.Headers.Add("DPoP", Proof(HttpMethod.Post, path).Write());
            var answer = await SendAsync(request);
            if (proof is not null || attempt > 0 || !TakeNonce(answer))
                return answer;
        }
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        // Nothing that a client sends is the server's fault.
        Assert.True((int)response.StatusCode < 500, $"{response.StatusCode} {string.Join('\n', host.Log.Lines.Select(line => line.Text).Where(line => line.Contains("Exception", StringComparison.Ordinal)).TakeLast(3))}");
        return new(
            response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers.Location?.OriginalString,
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The server's nonce, got as a client gets it.</summary>
    public async Task<string> FreshNonceAsync()
        => (await PostAsync("/connect/token", [("grant_type", "client_credentials")], proof: Proof(HttpMethod.Post, "/connect/token").Write())).Headers["DPoP-Nonce"];

    /// <summary>A good proof, for a test to spoil.</summary>
    public TestToken Proof(HttpMethod method, string path, string? token = null)
    {
        var proof = Prover!.Prove(method.Method, IdentityHost.Issuer + path, Now, token);
        if (Nonce is not null)
            proof.Claims["nonce"] = Nonce;
        return proof;
    }

    /// <summary>A good assertion (RFC 7523), for a test to spoil.</summary>
    public TestToken Assertion()
    {
        var assertion = new TestToken { Sign = input => Key!.SignData(input, HashAlgorithmName.SHA256) };
        (assertion.Header["alg"], assertion.Header["typ"]) = ("ES256", "JWT");
        (assertion.Claims["iss"], assertion.Claims["sub"], assertion.Claims["aud"]) = (Id, Id, IdentityHost.Issuer);
        (assertion.Claims["iat"], assertion.Claims["exp"]) = (Now.ToUnixTimeSeconds(), Now.AddMinutes(1).ToUnixTimeSeconds());
        assertion.Claims["jti"] = Guid.NewGuid().ToString("N");
        return assertion;
    }

    public void Dispose() => http.Dispose();

    private static HttpClient Http(IdentityHost host)
    {
        var client = TestCertificate.Client(host.Address);
        client.DefaultRequestHeaders.Add("X-Test-Address", $"198.51.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(256)}");
        return client;
    }

    private Dictionary<string, string?> Identification()
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal) { ["client_id"] = Id };
        if (Key is not null)
            (fields["client_assertion_type"], fields["client_assertion"]) = (AssertionType, Assertion().Write());
        if (Secret is not null)
            fields["client_secret"] = Secret;
        return fields;
    }

    private bool TakeNonce(Answer answer)
    {
        var asked = Prover is not null && answer.Headers.TryGetValue("DPoP-Nonce", out _)
            && (answer.Body.Contains("use_dpop_nonce", StringComparison.Ordinal)
                || (answer.Headers.TryGetValue("WWW-Authenticate", out var challenge) && challenge.Contains("use_dpop_nonce", StringComparison.Ordinal)));
        if (asked)
            Nonce = answer.Headers["DPoP-Nonce"];
        return asked;
    }
}
