using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>The issuer's keys: fetched once, renewed when they change, never at an attacker's pace, and missed safely.</summary>
public sealed class IssuerKeyTests
{
    private readonly TestClock clock = new();

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Without_keys_no_token_is_accepted_and_the_answer_says_that_it_is_not_the_callers_fault()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Answer = () => Results.StatusCode(StatusCodes.Status500InternalServerError);
        await using var host = await StartAsync(issuer);

        using var refused = await host.GetAsync("/", Token());
        await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, refused);

        issuer.Answer = () => Results.Json(TestTokens.KeySet());
        clock.Advance(TimeSpan.FromSeconds(11));
        using var served = await host.GetAsync("/", Token());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Known_keys_outlast_the_issuer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await StartAsync(issuer);
        using var before = await host.GetAsync("/", Token());
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        issuer.Answer = () => Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        clock.Advance(TimeSpan.FromMinutes(3));
        using var after = await host.GetAsync("/", Token());
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
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

    private static string Token() => TestTokens.Create("catalog", "alice", [Scope.CatalogRead]);

    private Task<ServiceHost> StartAsync(TestIssuer issuer) => ServiceHost.StartAsync(
        issuer,
        app => app.MapGet("/", () => "ok").RequireAccess(AccessRule.ForScope(Scope.CatalogRead)),
        builder => builder.Services.AddSingleton<TimeProvider>(clock));
}
