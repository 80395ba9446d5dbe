using System.Diagnostics;
using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Parts die and come back; what was promised stays.</summary>
[Trait("Practice", "P38")]
public sealed class RecoveryTests(ShopSystem shop)
{
    [Theory]
    [InlineData("orders", "/api/orders")]
    [InlineData("catalog", "/api/catalog/products?limit=1")]
    public async Task A_killed_service_is_started_again_and_serves(string service, string path)
    {
        using var alice = await shop.SignedInAsync("alice");
        using var victim = Process.GetProcessById(await PidAsync(service));

        victim.Kill(entireProcessTree: false);

        await shop.Run.UntilAsync(() => shop.Run.Output.Any(line => line.Contains(service, StringComparison.Ordinal) && line.Contains("starting it again", StringComparison.Ordinal)), $"AppHost says that {service} is started again");
        var healthy = false;
        await shop.Run.UntilAsync(() => healthy || (healthy = shop.Run.Output.Any(line => line.Contains(service, StringComparison.Ordinal) && line.Contains("healthy again", StringComparison.Ordinal))), $"{service} is healthy again");
        using var answer = await alice.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<int> PidAsync(string service) => Task.FromResult(shop.Run.Ready[service].Pids.Single());
}
