using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>The issuer's keys: fetched once, renewed when they change, never at an attacker's pace, and missed safely.</summary>
public sealed class IssuerKeyTests
{
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Without_keys_no_token_is_accepted_and_the_answer_says_that_it_is_not_the_callers_fault()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Answer = () => Results.StatusCode(StatusCodes.Status500InternalServerError);
        await using var host = await StartAsync(issuer);

        await Parallel.ForAsync(0, 20, async (_, _) =>
        {
            using var refused = await host.GetAsync("/", Token());
            await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, refused);
        });
        Assert.Equal(1, issuer.Requests);

        issuer.Answer = () => Results.Json(TestTokens.KeySet());
        clock.Advance(TimeSpan.FromSeconds(11));
        using var served = await host.GetAsync("/", Token());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Known_keys_outlast_the_issuer_for_a_day()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));

        issuer.Answer = () => Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
        clock.Advance(TimeSpan.FromHours(2));
        using var refused = await host.GetAsync("/", Token());
        await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, refused);

        issuer.Answer = () => Results.Json(TestTokens.KeySet());
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Known_keys_are_used_while_fresh_ones_are_on_their_way()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));

        var arrival = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        issuer.Answer = () =>
        {
            asked.TrySetResult();
            return new Late(arrival.Task, Results.Json(TestTokens.KeySet()));
        };
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host));
        Assert.Equal(2, issuer.Requests);
        arrival.SetResult();
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task Only_named_public_keys_of_the_curve_are_used_and_not_too_many()
    {
        using var rsa = RSA.Create(2048);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var modulus = rsa.ExportParameters(includePrivateParameters: false);
        var point = large.ExportParameters(includePrivateParameters: false).Q;
        var good = JsonSerializer.SerializeToNode(TestTokens.KeySet([("first", TestTokens.Key), .. Enumerable.Range(2, 31).Select(number => ($"key-{number}", TestTokens.Key)), ("one-too-many", TestTokens.Key)]))!["keys"]!.AsArray();
        JsonArray keys =
        [
            new JsonObject { ["kty"] = "RSA", ["kid"] = "rsa", ["n"] = Base64Url.EncodeToString(modulus.Modulus), ["e"] = Base64Url.EncodeToString(modulus.Exponent) },
            new JsonObject { ["kty"] = "EC", ["crv"] = "P-384", ["kid"] = "large", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) },
            Changed(good[0]!, "kid", null),
            Changed(Changed(good[0]!, "kid", "for-encryption"), "use", "enc"),
            .. good.Select(key => key!.DeepClone()),
        ];
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Answer = () => Results.Json(new { keys });
        await using var host = await StartAsync(issuer);

        foreach (var named in new[] { "first", "key-32" })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, token => token.Header["kid"] = named));
        foreach (var unused in new[] { "rsa", "for-encryption", "one-too-many", "" })
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, token => token.Header["kid"] = unused));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, token =>
        {
            token.Header["kid"] = "large";
            token.Sign = input => large.SignData(input, HashAlgorithmName.SHA256);
        }));
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Made_up_key_ids_do_not_make_the_service_hammer_the_issuer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await StartAsync(issuer);
        using var good = await host.GetAsync("/", Token());
        Assert.Equal(1, issuer.Requests);

        await Parallel.ForAsync(0, 50, async (number, _) =>
        {
            using var answer = await host.GetAsync("/", TestTokens.Create("catalog", "x", [Scope.CatalogRead], tweak: token => token.Header["kid"] = $"made-up-{number}"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        });
        Assert.Equal(1, issuer.Requests);

        clock.Advance(TimeSpan.FromSeconds(11));
        using var again = await host.GetAsync("/", TestTokens.Create("catalog", "x", [Scope.CatalogRead], tweak: token => token.Header["kid"] = "made-up"));
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Equal(2, issuer.Requests);
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task A_rotated_key_is_learned_and_a_withdrawn_one_forgotten()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await StartAsync(issuer);
        using var first = await host.GetAsync("/", Token());
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        issuer.Answer = () => Results.Json(TestTokens.KeySet(("next", next)));
        clock.Advance(TimeSpan.FromSeconds(11));
        using var rotated = await host.GetAsync("/", TestTokens.Create("catalog", "alice", [Scope.CatalogRead], tweak: token =>
        {
            token.Header["kid"] = "next";
            token.Sign = input => next.SignData(input, HashAlgorithmName.SHA256);
        }));
        Assert.Equal(HttpStatusCode.OK, rotated.StatusCode);
        using var withdrawn = await host.GetAsync("/", Token());
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, withdrawn);
    }

    // Of the clock's time, which may be hours ahead.
    private string Token(Action<TestToken>? tweak = null) => TestTokens.Create("catalog", "alice", [Scope.CatalogRead], tweak: tweak, at: clock.GetUtcNow());

    private async Task<HttpStatusCode> StatusAsync(ServiceHost host, Action<TestToken>? tweak = null)
    {
        using var answer = await host.GetAsync("/", Token(tweak));
        return answer.StatusCode;
    }

    private static JsonNode Changed(JsonNode key, string member, string? value)
    {
        var copy = key.DeepClone();
        copy[member] = value;
        return copy;
    }

    private Task<ServiceHost> StartAsync(TestIssuer issuer) => ServiceHost.StartAsync(
        issuer,
        app => app.MapGet("/", () => "ok").RequireAccess(AccessRule.ForScope(Scope.CatalogRead)),
        builder => builder.Services.AddSingleton<TimeProvider>(clock));

    /// <summary>An answer that comes when it is told to.</summary>
    private sealed class Late(Task when, IResult answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await when;
            await answer.ExecuteAsync(httpContext);
        }
    }
}
