using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Starting, stopping, killing and starting again, on a system of its own.</summary>
public sealed class LifetimeTests
{
    [Fact]
    [Trait("Practice", "P40")]
    public async Task Data_and_tokens_outlive_a_restart_and_processes_do_not_outlive_AppHost()
    {
        var place = AppHostPlace.Create();
        try
        {
            string location, token, secrets;
            var first = await AppHostRun.StartAsync(place);
            await using (first)
            {
                token = await TokenAsync(first);
                location = await OrderAsync(first, token);
                secrets = Passwords(first);

                // Another one on the same folder gives way, in one sentence.
                await using var second = await AppHostRun.RunToEndAsync(place with { ShopPort = FreePorts.Take(1)[0] });
                Assert.Equal(1, second.ExitCode);
                Assert.Contains(second.Output, line => line.Contains("Another AppHost uses the data folder", StringComparison.Ordinal));

                await first.StopAsync();
                Assert.Equal(0, first.ExitCode);
                Assert.Empty(LeftProcesses.Of(place.Directory));
                Assert.DoesNotContain(first.Output, line => line.Contains(token, StringComparison.Ordinal));
            }

            await using var again = await AppHostRun.StartAsync(place);
            Assert.Equal(secrets, Passwords(again));
            using var alice = new Shopper(Trust.Client(again.Ready.AuthorityPath, place.Shop), token);
            using var read = await alice.GetAsync(location);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            Assert.NotEmpty(await TokenAsync(again));

            await again.KillAsync();
            await again.UntilAsync(() => LeftProcesses.Of(place.Directory).Count == 0, "nothing outlives a killed AppHost", TimeSpan.FromSeconds(10));
        }
        finally
        {
            Directory.Delete(place.Directory, recursive: true);
        }
    }

    private static string Passwords(AppHostRun run) =>
        string.Join(' ', run.Ready.Parameters.Where(pair => pair.Key.Contains("password", StringComparison.Ordinal)).Select(pair => pair.Value));

    private static async Task<string> TokenAsync(AppHostRun run)
    {
        using var browser = new Browser(run);
        return (await browser.SignInAsync("alice@secureshop.example", run.Ready.Parameters["demo-alice-password"], ShopSystem.EveryScope)).Access;
    }

    private static async Task<string> OrderAsync(AppHostRun run, string token)
    {
        using var alice = new Shopper(Trust.Client(run.Ready.AuthorityPath, run.Place.Shop), token);
        using var found = await alice.GetAsync("/api/catalog/products?inStock=true&limit=1");
        using var placed = await alice.OrderAsync((await found.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid());
        await placed.JsonAsync(HttpStatusCode.Created);
        return placed.Headers.Location!.PathAndQuery;
    }
}
