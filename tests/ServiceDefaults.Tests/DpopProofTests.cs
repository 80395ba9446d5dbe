using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.ServiceDefaults.Tokens;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>RFC 9449: one thing wrong at a time, beside a proof that is right.</summary>
public sealed class DpopProofTests : IClassFixture<RedisFixture>, IDisposable
{
    private const string Address = "https://shop.example/api/orders";
    private const string Token = "eyJ.access.token";

    private static readonly IDataProtectionProvider Ring = new EphemeralDataProtectionProvider();

    private readonly RedisFixture redis;
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly TestProver client = new();
    private readonly ServiceProvider services;

    public DpopProofTests(RedisFixture redis)
    {
        this.redis = redis;
        services = Replica(redis.ConnectionString);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Practice", "P04")]
    public async Task A_good_proof_says_whose_key_it_is()
    {
        var check = await CheckAsync(Good());
        Assert.Equal((client.Thumbprint, null), (check.Thumbprint, check.Error));
    }

    /// <summary>The proof of RFC 9449, 4.1, and the thumbprint of its key in 6.1.</summary>
    [Fact]
    [Trait("Practice", "P04")]
    public void The_example_of_the_standard_is_read()
    {
        var proof = DpopProof.Read(
            "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
            + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ"
            + ".2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg");
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", proof?.Thumbprint);
        Assert.Equal(new("POST", "https://server.example.com/token", 1562262616, "-BwC3ESc6acc2lTc", Ath: null, Nonce: null), proof!.Claims);
    }

    public static TheoryData<string, Action<TestToken>> Wrong => new()
    {
        { "another method", proof => proof.Claims["htm"] = "POST" },
        { "a method in small letters", proof => proof.Claims["htm"] = "get" },
        { "no method", proof => proof.Claims.Remove("htm") },
        { "another path", proof => proof.Claims["htu"] = Address + "/1" },
        { "another case of the path", proof => proof.Claims["htu"] = "https://shop.example/api/Orders" },
        { "a slash more", proof => proof.Claims["htu"] = Address + "/" },
        { "another host", proof => proof.Claims["htu"] = "https://shop.example.evil.example/api/orders" },
        { "another port", proof => proof.Claims["htu"] = "https://shop.example:8443/api/orders" },
        { "another scheme", proof => proof.Claims["htu"] = "http://shop.example/api/orders" },
        { "a user in the address", proof => proof.Claims["htu"] = "https://me@shop.example/api/orders" },
        { "an encoded slash", proof => proof.Claims["htu"] = "https://shop.example/api%2Forders" },
        { "a path alone", proof => proof.Claims["htu"] = "/api/orders" },
        { "no address", proof => proof.Claims.Remove("htu") },
        { "several addresses", proof => proof.Claims["htu"] = new[] { Address } },
        { "too old", proof => proof.Claims["iat"] = Iat(proof) - 71 },
        { "from the future", proof => proof.Claims["iat"] = Iat(proof) + 12 },
        { "made at no time", proof => proof.Claims.Remove("iat") },
        { "a time that is text", proof => proof.Claims["iat"] = $"{Iat(proof)}" },
        { "a time beyond all times", proof => proof.Claims["iat"] = 1e300 },
        { "another token", proof => proof.Claims["ath"] = Base64Url.EncodeToString(SHA256.HashData("other"u8)) },
        { "no token", proof => proof.Claims.Remove("ath") },
        { "the token itself", proof => proof.Claims["ath"] = Token },
        { "no id", proof => proof.Claims.Remove("jti") },
        { "an empty id", proof => proof.Claims["jti"] = "" },
        { "an id without end", proof => proof.Claims["jti"] = new string('i', 257) },
        { "an id that is a number", proof => proof.Claims["jti"] = 7 },
        { "another type", proof => proof.Header["typ"] = "JWT" },
        { "an access token's type", proof => proof.Header["typ"] = "at+jwt" },
        { "no type", proof => proof.Header.Remove("typ") },
        { "no signature", proof => (proof.Header["alg"], proof.Sign) = ("none", _ => []) },
        { "no algorithm", proof => proof.Header.Remove("alg") },
        { "HS256 with the public key", SignedByHmac },
        { "an algorithm of another curve", proof => proof.Header["alg"] = "ES384" },
        { "another key's signature", SignedByAnother },
        { "a signature of zeros", proof => proof.Sign = _ => new byte[64] },
        { "a signature in DER", SignedInDer },
        { "a critical extension", proof => proof.Header["crit"] = new[] { "exp" } },
        { "a critical nothing", proof => proof.Header["crit"] = null },
        { "no key", proof => proof.Header.Remove("jwk") },
        { "a key's name only", proof => (proof.Header["jwk"], proof.Header["kid"]) = (null, "key-1") },
        { "a private key", proof => Jwk(proof)["d"] = Base64Url.EncodeToString(new byte[32]) },
        { "another kind of key", proof => Jwk(proof)["kty"] = "OKP" },
        { "another curve", proof => Jwk(proof)["crv"] = "P-384" },
        { "a point off the curve", proof => Jwk(proof)["y"] = Jwk(proof)["x"] },
        { "a coordinate too short", proof => Jwk(proof)["x"] = Base64Url.EncodeToString(new byte[31]) },
        { "no coordinate", proof => Jwk(proof).Remove("y") },
        { "a nonce that we did not make", proof => proof.Claims["nonce"] = "nonce" },
        { "a megabyte", proof => proof.Claims["more"] = new string('x', 1 << 20) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    [Trait("Practice", "P04")]
    public async Task One_thing_wrong_is_enough(string fault, Action<TestToken> spoil)
    {
        var proof = Good();
        spoil(proof);
        var check = await CheckAsync(proof);
        Assert.Null(check.Thumbprint);
        Assert.Equal(fault.Contains("nonce", StringComparison.Ordinal) ? DpopCheck.UseNonce : DpopCheck.InvalidProof, check.Error);
    }

    [Theory]
    [InlineData("HTTPS://SHOP.example:443/api/orders")]
    [InlineData("https://shop.example/api/x/../orders")]
    [InlineData("https://shop.example/%61pi/orders")]
    [InlineData("https://shop.example/api/orders?page=2#top")]
    [Trait("Practice", "P04")]
    public async Task An_address_may_be_written_in_other_ways(string written)
    {
        var proof = Good();
        proof.Claims["htu"] = written;
        Assert.Equal(client.Thumbprint, (await CheckAsync(proof)).Thumbprint);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(9)]
    [InlineData(0.5)]
    [Trait("Practice", "P04")]
    public async Task Clocks_may_differ_a_little(double seconds)
    {
        var proof = Good();
        proof.Claims["iat"] = clock.GetUtcNow().ToUnixTimeSeconds() + seconds;
        Assert.Equal(client.Thumbprint, (await CheckAsync(proof)).Thumbprint);
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task What_comes_twice_or_is_no_proof_is_refused()
    {
        StringValues[] wrong = [default, "", "..", "a.b", "not a proof", new([Good().Write(), Good().Write()]), $"{Good().Write()}, {Good().Write()}", Doubled("htm"), Invalid()];
        foreach (var header in wrong)
            Assert.Equal(DpopCheck.InvalidProof, (await CheckAsync(header)).Error);
        Assert.Equal(client.Thumbprint, (await CheckAsync(Good().Write())).Thumbprint);
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task Of_200_copies_that_race_over_two_replicas_one_passes()
    {
        await using var second = Replica(redis.ConnectionString);
        var proof = Good().Write();
        var checks = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => CheckAsync(proof, on: i % 2 == 0 ? services : second))));
        Assert.Equal(client.Thumbprint, Assert.Single(checks, check => check.Error is null).Thumbprint);

        // Another client's id is another id.
        using var other = new TestProver();
        var (mine, theirs) = (Good(), other.Prove("GET", Address, clock.GetUtcNow(), Token));
        theirs.Claims["jti"] = mine.Claims["jti"];
        Assert.Equal(client.Thumbprint, (await CheckAsync(mine)).Thumbprint);
        Assert.Equal(other.Thumbprint, (await CheckAsync(theirs)).Thumbprint);
    }

    [Fact]
    [Trait("Practice", "P04")]
    public async Task A_nonce_is_asked_for_taken_from_any_replica_and_too_old_after_five_minutes()
    {
        await using var second = Replica(redis.ConnectionString);
        var asked = await CheckAsync(Good(), needsNonce: true);
        Assert.Equal(DpopCheck.UseNonce, asked.Error);

        var proof = Good();
        proof.Claims["nonce"] = asked.Nonce;
        Assert.Equal(client.Thumbprint, (await CheckAsync(proof.Write(), needsNonce: true, on: second)).Thumbprint);

        clock.Advance(TimeSpan.FromMinutes(5));
        proof = Good();
        proof.Claims["nonce"] = asked.Nonce;
        var late = await CheckAsync(proof, needsNonce: true);
        Assert.Equal(DpopCheck.UseNonce, late.Error);
        Assert.NotEqual(asked.Nonce, late.Nonce);
        Assert.False(services.GetRequiredService<DpopNonces>().IsFresh(new EphemeralDataProtectionProvider().CreateProtector("x").Protect("x")));
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Without_Redis_no_proof_is_taken()
    {
        await using var alone = Replica("localhost:1,ssl=true");
        await Assert.ThrowsAsync<ReplayMarksUnavailableException>(() => CheckAsync(Good().Write(), on: alone));
        Assert.Equal(DpopCheck.InvalidProof, (await CheckAsync("wrong anyway", on: alone)).Error);
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task Redis_learns_neither_who_nor_what()
    {
        var marks = services.GetRequiredService<ReplayMarks>();
        Assert.True(await marks.TryUseAsync("test", "somebody", "something", TimeSpan.FromMinutes(1), Cancellation));
        Assert.False(await marks.TryUseAsync("test", "somebody", "something", TimeSpan.FromMinutes(1), Cancellation));
        Assert.True(await marks.TryUseAsync("other", "somebody", "something", TimeSpan.FromMinutes(1), Cancellation));
        var keys = await services.GetRequiredService<ShopRedis>().RunAsync("KEYS", database => database.ExecuteAsync("KEYS", "used:test:*"), Cancellation);
        var key = Assert.Single((string[])keys!);
        Assert.DoesNotContain("some", key, StringComparison.Ordinal);
        var left = await services.GetRequiredService<ShopRedis>().RunAsync("PTTL", database => database.KeyTimeToLiveAsync(key), Cancellation);
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    public void Dispose()
    {
        client.Dispose();
        services.Dispose();
    }

    private static double Iat(TestToken proof) => (long)proof.Claims["iat"]!;

    private static Dictionary<string, object?> Jwk(TestToken proof) => (Dictionary<string, object?>)proof.Header["jwk"]!;

    private static void SignedByAnother(TestToken proof)
    {
        using var other = new TestProver();
        proof.Sign = other.Prove("GET", Address, default).Sign;
        var signature = proof.Sign("x"u8.ToArray());
        proof.Sign = _ => signature;
    }

    private static void SignedByHmac(TestToken proof)
    {
        proof.Header["alg"] = "HS256";
        var key = Encoding.ASCII.GetBytes((string)Jwk(proof)["x"]!);
        proof.Sign = input => HMACSHA256.HashData(key, input);
    }

    private static void SignedInDer(TestToken proof)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        proof.Header["jwk"] = new TestProver { Key = key }.Jwk();
        var parameters = key.ExportParameters(includePrivateParameters: true);
        proof.Sign = input =>
        {
            using var signer = ECDsa.Create(parameters);
            return signer.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        };
    }

    /// <summary>Signed rightly, with a claim that is there twice.</summary>
    private string Doubled(string claim) => Rewritten(text => text.Replace("{", $$"""{"{{claim}}":"GET",""", StringComparison.Ordinal));

    /// <summary>Signed rightly, with what is no UTF-8 in a text.</summary>
    private string Invalid() => Rewritten(text => text.Replace("\"GET\"", "\"\udc00\"", StringComparison.Ordinal));

    private string Rewritten(Func<string, string> rewrite)
    {
        var parts = Good().Write().Split('.');
        var body = Encoding.Latin1.GetBytes(rewrite(Encoding.Latin1.GetString(Base64Url.DecodeFromChars(parts[1]))).Replace('\udc00', '\u00ff'));
        var signed = $"{parts[0]}.{Base64Url.EncodeToString(body)}";
        return $"{signed}.{Base64Url.EncodeToString(client.Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private TestToken Good() => client.Prove("GET", Address, clock.GetUtcNow(), Token);

    private Task<DpopCheck> CheckAsync(TestToken proof, bool needsNonce = false) => CheckAsync(proof.Write(), needsNonce);

    private async Task<DpopCheck> CheckAsync(StringValues header, bool needsNonce = false, ServiceProvider? on = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Host = new("evil.example");
        context.Request.Headers["DPoP"] = header;
        return await (on ?? services).GetRequiredService<DpopProofs>().CheckAsync(context.Request, Address, Token, needsNonce, Cancellation);
    }

    private ServiceProvider Replica(string connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(redis.Settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        builder.Configuration["ConnectionStrings:redis"] = connection;
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddShopRedis();
        builder.Services.AddDpopProofs();
        builder.Services.AddSingleton(Ring);
        return builder.Services.BuildServiceProvider();
    }
}
