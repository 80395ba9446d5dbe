using Microsoft.AspNetCore.Builder;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Amounts of money look the same wherever they come from.</summary>
public sealed class AmountTests
{
    [Fact]
    public async Task An_amount_has_two_decimals_and_no_digit_is_lost()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var host = await ServiceHost.StartAsync(issuer, app => app.MapGet("/", () => new Amounts(
            10.0000m, null, 0m, [1.5m, 7m, -3.10m, 79228162514264337593543950335m], 0.125m, new(StringComparer.Ordinal) { ["x"] = 1m })).RequireAccess(AccessRule.Anyone("a test")));
        using var answer = await host.GetAsync("/");
        Assert.Equal(
            """{"price":10.00,"cost":null,"zero":0.00,"list":[1.50,7.00,-3.10,79228162514264337593543950335],"rate":0.125,"map":{"x":1.00}}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private sealed record Amounts(decimal Price, decimal? Cost, decimal Zero, decimal[] List, decimal Rate, Dictionary<string, decimal> Map);
}
