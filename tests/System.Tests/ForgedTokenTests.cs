using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>
/// Forged tokens meet a closed door at the gateway and straight at each service. They start from a real token of the running
/// system, which each hop lets in; what a signature alone would hide is proved with a trusted key in each part's own tests.
/// </summary>
[Trait("Practice", "P02")]
public sealed class ForgedTokenTests(ShopSystem shop)
{
    private delegate string Forge(JsonObject header, JsonObject claims, string signature, byte[] publicKey);

    private static readonly Dictionary<string, Forge> Forgeries = new(StringComparer.Ordinal)
    {
        ["none"] = (header, claims, _, _) => Write(With(header, "alg", "none"), claims, _ => []),
        ["none with the old signature"] = (header, claims, signature, _) => Write(With(header, "alg", "none"), claims, _ => Base64Url.DecodeFromChars(signature)),
        ["HS256 with the public key"] = (header, claims, _, key) => Write(With(header, "alg", "HS256"), claims, input => HMACSHA256.HashData(key, input)),
        ["another key"] = (header, claims, _, _) => Write(header, claims, OtherKey),
        ["another key, brought along"] = (header, claims, _, _) => Write(With(header, "jku", "https://attacker.example/jwks"), claims, OtherKey),
        ["another role"] = (header, claims, signature, _) => Write(header, With(claims, "role", "admin"), _ => Base64Url.DecodeFromChars(signature)),
        ["another audience"] = (header, claims, _, _) => Write(header, With(claims, "aud", "elsewhere"), OtherKey),
        ["another issuer"] = (header, claims, _, _) => Write(header, With(claims, "iss", "https://attacker.example"), OtherKey),
        ["another type"] = (header, claims, _, _) => Write(With(header, "typ", "JWT"), claims, OtherKey),
        ["expired"] = (header, claims, _, _) => Write(header, With(claims, "exp", 1_700_000_000), OtherKey),
        ["no signature"] = (header, claims, _, _) => Write(header, claims, _ => []),
        ["rubbish"] = (_, _, _, _) => "a.b.c",
        ["empty"] = (_, _, _, _) => "",
    };

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_token_is_refused_at_every_hop(string forgery)
    {
        var real = (await shop.TokensOfAsync("alice")).Access;
        var parts = real.Split('.');
        var forged = Forgeries[forgery](Part(parts[0]), Part(parts[1]), parts[2], await PublicKeyAsync());

        foreach (var (at, path) in Hops())
        {
            using var attacker = shop.WithToken(forged, at);
            using var customer = shop.WithToken(real, at);
            using var refused = await attacker.GetAsync(path);
            using var served = await customer.GetAsync(path);

            await refused.ProblemAsync(HttpStatusCode.Unauthorized);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_token_learns_nothing_about_a_person(string forgery)
    {
        var real = (await shop.TokensOfAsync("alice")).Access;
        var parts = real.Split('.');
        using var attacker = shop.WithToken(Forgeries[forgery](Part(parts[0]), Part(parts[1]), parts[2], await PublicKeyAsync()), shop.Run.Place.Identity);
        using var customer = shop.WithToken(real, shop.Run.Place.Identity);

        using var refused = await attacker.GetAsync("/connect/userinfo");
        using var served = await customer.GetAsync("/connect/userinfo");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task An_ID_token_is_no_access_token()
    {
        var id = (await shop.TokensOfAsync("alice")).Id!;

        foreach (var (at, path) in Hops())
        {
            using var confused = shop.WithToken(id, at);
            using var refused = await confused.GetAsync(path);
            await refused.ProblemAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_token_for_one_service_is_not_one_for_another()
    {
        // Signed by the real key, and right in everything but the audience.
        using var browser = new Browser(shop.Run.Place);
        var tokens = await browser.TokensAsync(new()
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "demo",
            ["client_secret"] = shop.Run.Place.Secrets["demo-client-secret"],
            ["scope"] = "catalog.read",
        });

        using var catalog = shop.WithToken(tokens.Access, shop.Run.Service("catalog"));
        using var orders = shop.WithToken(tokens.Access, shop.Run.Service("orders"));
        using var gateway = shop.WithToken(tokens.Access);
        using var served = await catalog.GetAsync("/products?limit=1");
        using var refused = await orders.GetAsync("/");
        using var refusedAtTheEdge = await gateway.GetAsync("/api/orders");

        await served.JsonAsync();
        await refused.ProblemAsync(HttpStatusCode.Unauthorized);
        await refusedAtTheEdge.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    private IEnumerable<(Uri At, string Path)> Hops() =>
    [
        (shop.Run.Place.Shop, "/api/catalog/products?limit=1"),
        (shop.Run.Place.Shop, "/api/orders?limit=1"),
        (shop.Run.Service("catalog"), "/products?limit=1"),
        (shop.Run.Service("orders"), "/?limit=1"),
    ];

    private async Task<byte[]> PublicKeyAsync()
    {
        using var guest = shop.Guest(shop.Run.Place.Identity);
        using var answer = await guest.GetAsync("/.well-known/openid-configuration/jwks");
        var key = (await answer.JsonAsync()).GetProperty("keys")[0];
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars(key.GetProperty("x").GetString()),
                Y = Base64Url.DecodeFromChars(key.GetProperty("y").GetString()),
            },
        });
        return Encoding.ASCII.GetBytes(ec.ExportSubjectPublicKeyInfoPem());
    }

    private static JsonObject Part(string text) => JsonNode.Parse(Base64Url.DecodeFromChars(text))!.AsObject();

    private static JsonObject With(JsonObject part, string name, JsonNode value)
    {
        part[name] = value;
        return part;
    }

    private static string Write(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static byte[] OtherKey(byte[] input)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.SignData(input, HashAlgorithmName.SHA256);
    }
}
