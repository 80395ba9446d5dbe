using System.Security.Claims;
using SecureShop.ServiceDefaults.Access;

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
