using System.Net;
using Microsoft.AspNetCore.Builder;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Tokens that are bound to a key at a service behind the gateway (RFC 9449, 7): all but what only the gateway can know.</summary>
public sealed class BoundTokenTests : IAsyncLifetime
{
    private readonly TestProver client = new();
    private readonly string token;
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public BoundTokenTests() => token = Token(client.Thumbprint);

    public static TheoryData<string, Action<TestToken>> Wrong => new()
    {
        { "another method", proof => proof.Claims["htm"] = "POST" },
        { "another address", proof => proof.Claims["htu"] = "https://localhost:7443/api/catalog/other" },
        { "the address behind the gateway", proof => proof.Claims["htu"] = "https://localhost:7443/mine" },
        { "another API's address", proof => proof.Claims["htu"] = "https://localhost:7443/api/orders/mine" },
        { "another host", proof => proof.Claims["htu"] = "https://shop.example/api/catalog/mine" },
        { "another token", proof => proof.Claims["ath"] = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo" },
        { "no token", proof => proof.Claims.Remove("ath") },
        { "too old", proof => proof.Claims["iat"] = TimeProvider.System.GetUtcNow().AddMinutes(-2).ToUnixTimeSeconds() },
        { "from the future", proof => proof.Claims["iat"] = TimeProvider.System.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds() },
        { "another type", proof => proof.Header["typ"] = "JWT" },
        { "no signature", proof => proof.Sign = _ => new byte[64] },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/", () => "ok").RequireAccess(AccessRule.ForScope(Scope.CatalogRead));
            app.MapGet("/mine", () => "ok").RequireAccess(AccessRule.ForScope(Scope.CatalogRead));
            app.MapGet("/products", () => "ok").RequireAccess(AccessRule.ForScope(Scope.CatalogRead).OrGuests());
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
        client.Dispose();
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task With_a_proof_of_the_key_it_is_served_and_the_gateway_alone_counts_proofs()
    {
        var proof = Proof().Write();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync($"DPoP {token}", [proof])).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync($"dpop {token}", [proof])).Status);
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task The_root_of_an_API_has_the_APIs_own_address()
        => Assert.Equal(HttpStatusCode.OK, (await AskAsync($"DPoP {token}", [Proof("").Write()], "/")).Status);

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    [Trait("Practice", "P04")]
    public async Task A_wrong_proof_is_refused(string fault, Action<TestToken> spoil)
    {
        var proof = Proof();
        spoil(proof);
        var (status, challenge) = await AskAsync($"DPoP {token}", [proof.Write()]);
        Assert.Equal((HttpStatusCode.Unauthorized, $"DPoP algs=\"ES256\", error=\"invalid_dpop_proof\", {ServiceHost.Metadata}", fault), (status, challenge, fault));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [Trait("Practice", "P04")]
    public async Task There_must_be_one_proof(int proofs)
        => Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync($"DPoP {token}", [.. Enumerable.Range(0, proofs).Select(_ => Proof().Write())])).Status);

    [Fact]
    [Trait("Practice", "P04")]
    public async Task A_copied_token_is_of_no_use_with_another_key()
    {
        using var thief = new TestProver();
        var proof = thief.Prove("GET", "https://localhost:7443/api/catalog/mine", TimeProvider.System.GetUtcNow(), token).Write();
        var (status, challenge) = await AskAsync($"DPoP {token}", [proof]);
        Assert.Equal((HttpStatusCode.Unauthorized, $"DPoP algs=\"ES256\", error=\"invalid_token\", {ServiceHost.Metadata}"), (status, challenge));
    }

    [Theory]
    [InlineData("/mine")]
    [InlineData("/products")]
    [Trait("Practice", "P04")]
    public async Task It_is_no_bearer_token_and_its_holder_no_guest(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync($"Bearer {token}", [], path)).Status);
        var (status, challenge) = await AskAsync($"Bearer {token}", [Proof(path).Write()], path);
        Assert.Equal((HttpStatusCode.Unauthorized, $"DPoP algs=\"ES256\", error=\"invalid_token\", {ServiceHost.Metadata}"), (status, challenge));
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task A_bearer_token_is_no_bound_one()
    {
        var unbound = TestTokens.Create("catalog", "alice", [Scope.CatalogRead]);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync($"Bearer {unbound}", [])).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync($"DPoP {unbound}", [Proof(token: unbound).Write()])).Status);
    }

    [Theory]
    [InlineData("x5t#S256")]
    [InlineData("jkt and more")]
    [InlineData("nothing")]
    [InlineData("text")]
    [Trait("Practice", "P04")]
    public async Task What_is_bound_in_another_way_is_not_taken(string way)
    {
        object confirmation = way switch
        {
            "x5t#S256" => new Dictionary<string, object> { ["x5t#S256"] = client.Thumbprint },
            "jkt and more" => new Dictionary<string, object> { ["jkt"] = client.Thumbprint, ["x5t#S256"] = client.Thumbprint },
            "nothing" => new Dictionary<string, object>(),
            _ => client.Thumbprint,
        };
        var bound = TestTokens.Create("catalog", "alice", [Scope.CatalogRead], tweak: made => made.Claims["cnf"] = confirmation);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync($"DPoP {bound}", [Proof(token: bound).Write()])).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync($"Bearer {bound}", [])).Status);
    }

    private static string Token(string thumbprint) => TestTokens.Create(
        "catalog", "alice", [Scope.CatalogRead], tweak: made => made.Claims["cnf"] = new Dictionary<string, object> { ["jkt"] = thumbprint });

    private TestToken Proof(string path = "/mine", string? token = null)
        => client.Prove("GET", "https://localhost:7443/api/catalog" + path, TimeProvider.System.GetUtcNow(), token ?? this.token);

    private async Task<(HttpStatusCode Status, string Challenge)> AskAsync(string credential, string[] proofs, string path = "/mine")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Assert.True(request.Headers.TryAddWithoutValidation("Authorization", credential));
        foreach (var proof in proofs)
            Assert.True(request.Headers.TryAddWithoutValidation("DPoP", proof));
        using var answer = await host.Client.SendAsync(request, Cancellation);
        return (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString());
    }
}
