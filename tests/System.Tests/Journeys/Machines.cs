using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Journeys;

/// <summary>Clients that prove themselves: by a secret in the form, in a header, by a signed assertion; rightly and wrongly.</summary>
internal sealed class Machines(Cast cast)
{
    private readonly SecretLedger ledger = cast.Ledger;

    public async Task AskAsync()
    {
        var secret = cast.Run.Place.Secrets["demo-client-secret"];
        await AskAsync(HttpStatusCode.OK, new() { ["client_id"] = "demo", ["client_secret"] = secret, ["scope"] = "catalog.read" });
        await AskAsync(HttpStatusCode.Unauthorized, new() { ["client_id"] = "demo", ["client_secret"] = ledger.Canary("client secret") });
        await AskAsync(HttpStatusCode.OK, new() { ["scope"] = "catalog.read" }, basic: $"demo:{secret}");
        await AskAsync(HttpStatusCode.Unauthorized, [], basic: $"{ledger.Canary("client id")}:{ledger.Canary("client secret of a header")}");

        using var right = ECDsa.Create();
        right.ImportPkcs8PrivateKey(Convert.FromBase64String(cast.Run.Place.Secrets["orders-service-key"]), out _);
        using var wrong = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AskAsync(HttpStatusCode.OK, Assertion(right));
        await AskAsync(HttpStatusCode.Unauthorized, Assertion(wrong));
    }

    private async Task AskAsync(HttpStatusCode expected, Dictionary<string, string> form, string? basic = null)
    {
        using var machine = cast.Browser();
        form["grant_type"] = "client_credentials";
        using var answer = await machine.PostAsync("/connect/token", form, basic is null ? null : new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(basic))));

        // RFC 6749 5.2 leaves a bad client both.
        Assert.True(
            answer.StatusCode == expected || (expected == HttpStatusCode.Unauthorized && answer.StatusCode == HttpStatusCode.BadRequest),
            $"{answer.StatusCode} instead of {expected}: {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    private Dictionary<string, string> Assertion(ECDsa key)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var input = $"{Part(new { alg = "ES256", typ = "JWT" })}.{Part(new
        {
            iss = "orders-service",
            sub = "orders-service",
            aud = cast.Run.Place.Identity.AbsoluteUri.TrimEnd('/'),
            jti = ledger.Canary("id of an assertion"),
            iat = now,
            nbf = now,
            exp = now + 60,
        })}";
        return new()
        {
            ["client_id"] = "orders-service",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = $"{input}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}",
            ["scope"] = "catalog.reserve",
        };
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
