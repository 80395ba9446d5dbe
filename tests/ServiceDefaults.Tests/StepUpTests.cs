using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A rule that asks how strongly and how lately its caller has shown who they are (RFC 9470).</summary>
[Trait("Practice", "P12")]
public sealed class StepUpTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly StepUp Fresh = new(Acr.MultiFactor, TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData(Acr.MultiFactor, "0", true)]
    [InlineData(Acr.MultiFactor, "300", true)]
    [InlineData(Acr.MultiFactor, "301", false)]
    [InlineData(Acr.MultiFactor, "-10", true)]
    [InlineData(Acr.MultiFactor, "-11", false)]
    [InlineData(Acr.SingleFactor, "0", false)]
    [InlineData("urn:secureshop:acr:multi-factor ", "0", false)]
    [InlineData("URN:SECURESHOP:ACR:MULTI-FACTOR", "0", false)]
    [InlineData("", "0", false)]
    [InlineData(null, "0", false)]
    [InlineData(Acr.MultiFactor, null, false)]
    public void What_the_token_says_must_be_strong_and_late_enough(string? acr, string? age, bool met)
    {
        var at = age is null ? null : (Now.ToUnixTimeSeconds() - long.Parse(age, System.Globalization.CultureInfo.InvariantCulture)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(met, Fresh.IsMetBy(User(acr, at), Now));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1e9")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("0")]
    public void A_time_that_is_none_or_absurd_is_no_sign_in(string at) => Assert.False(Fresh.IsMetBy(User(Acr.MultiFactor, at), Now));

    [Fact]
    public void Two_statements_are_none_and_without_authentication_none_counts()
    {
        var at = $"{Now.ToUnixTimeSeconds()}";
        Assert.True(Fresh.IsMetBy(User(Acr.MultiFactor, at), Now));
        Assert.False(Fresh.IsMetBy(new(new ClaimsIdentity([new("acr", Acr.SingleFactor), new("acr", Acr.MultiFactor), new("auth_time", at)], "test")), Now));
        Assert.False(Fresh.IsMetBy(new(new ClaimsIdentity([new("acr", Acr.MultiFactor), new("auth_time", "1"), new("auth_time", at)], "test")), Now));
        Assert.False(Fresh.IsMetBy(new(new ClaimsIdentity([new("acr", Acr.MultiFactor), new("auth_time", at)])), Now));
    }

    [Fact]
    public void A_rule_names_a_known_strength_and_an_age()
    {
        var rule = AccessRule.ForScope(Scope.OrdersRefund);
        Assert.Throws<ArgumentException>(() => rule.WithStepUp("urn:secureshop:acr:none", TimeSpan.FromMinutes(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => rule.WithStepUp(Acr.MultiFactor, TimeSpan.Zero));
        Assert.Equal(Fresh, rule.WithStepUp(Acr.MultiFactor, TimeSpan.FromMinutes(5)).WithoutOwnership().StepUp);
    }

    [Fact]
    public async Task A_caller_is_told_what_to_come_back_with_and_the_clock_decides()
    {
        var clock = new TestClock();
        clock.Stop();
        var events = new RecordedEvents();
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(
            issuer,
            app => app.MapPost("/refund", () => "done").RequireAccess(AccessRule.ForScope(Scope.OrdersRefund).WithRoles(Role.Support).WithStepUp(Acr.MultiFactor, TimeSpan.FromMinutes(5))),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Logging.AddProvider(events);
            });

        using var good = await SendAsync(Acr.MultiFactor, 300);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Empty(events.All);

        foreach (var (acr, age) in new[] { (Acr.MultiFactor, 301), (Acr.SingleFactor, 0) })
        {
            using var refused = await SendAsync(acr, age);
            await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, refused);
            Assert.Equal(
                $"Bearer error=\"insufficient_user_authentication\", acr_values=\"{Acr.MultiFactor}\", max_age=\"300\", {ServiceHost.Metadata}",
                refused.Headers.WwwAuthenticate.ToString());
        }

        Assert.Equal([RefusalReason.StepUp, RefusalReason.StepUp], events.All.Select(one => one["Reason"]));

        // Who lacks the role as well learns only that: signing in again would not help.
        using var role = await SendAsync(Acr.SingleFactor, 0, Role.Customer);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, role);
        using var scope = await SendAsync(Acr.SingleFactor, 0, Role.Support, Scope.OrdersRead);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, scope);

        Task<HttpResponseMessage> SendAsync(string acr, int age, string role = Role.Support, string scope = Scope.OrdersRefund)
            => host.SendAsync(HttpMethod.Post, "/refund", TestTokens.Create("catalog", "sue", [scope], [role], token =>
            {
                token.Claims["acr"] = acr;
                token.Claims["auth_time"] = clock.GetUtcNow().AddSeconds(-age).ToUnixTimeSeconds();
                token.Claims["exp"] = clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
                token.Claims["iat"] = token.Claims["nbf"] = clock.GetUtcNow().ToUnixTimeSeconds();
            }));
    }

    private static ClaimsPrincipal User(string? acr, string? authTime)
    {
        List<Claim> claims = [new("sub", "sue")];
        if (acr is not null)
            claims.Add(new("acr", acr));
        if (authTime is not null)
            claims.Add(new("auth_time", authTime));
        return new(new ClaimsIdentity(claims, "test"));
    }
}
