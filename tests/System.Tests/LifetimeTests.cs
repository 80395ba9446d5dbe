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
            string location, secrets;
            Tokens tokens;
            var first = await AppHostRun.StartAsync(place);
            await using (first)
            {
                tokens = await TokensAsync(first);
                location = await OrderAsync(first, tokens.Access);
                secrets = Passwords(first);

                // Another one on the same folder gives way, in one sentence.
                await using var second = await AppHostRun.RunToEndAsync(place with { ShopPort = FreePorts.Take(1)[0] });
                Assert.Equal(1, second.ExitCode);
                Assert.Contains(second.Output, line => line.Contains("Another AppHost uses the data folder", StringComparison.Ordinal));

                await first.StopAsync();
                Assert.Equal(0, first.ExitCode);
                Assert.Empty(LeftProcesses.Of(place.Directory));
                Assert.DoesNotContain(first.Output, line => Secrets(first, tokens).Any(secret => line.Contains(secret, StringComparison.Ordinal)));
            }

            await using var again = await AppHostRun.StartAsync(place);
            Assert.Equal(secrets, Passwords(again));
            using var alice = new Shopper(Trust.Client(again.Ready.AuthorityPath, place.Shop), tokens.Access);
            using var read = await alice.GetAsync(location);
            await read.JsonAsync();
            using var app = new Browser(again);
            var refreshed = await app.TokensAsync(new() { ["grant_type"] = "refresh_token", ["client_id"] = "mobile", ["refresh_token"] = tokens.Refresh! });
            Assert.NotEqual(tokens.Refresh, refreshed.Refresh);
            Assert.NotEmpty((await TokensAsync(again)).Access);

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

    /// <summary>What no log line may hold. The demo people's passwords are meant to be read.</summary>
    private static IEnumerable<string> Secrets(AppHostRun run, Tokens tokens) =>
    [
        tokens.Access, tokens.Id!, tokens.Refresh!,
        .. run.Ready.Parameters.Where(pair => !pair.Key.StartsWith("demo-", StringComparison.Ordinal) && !pair.Key.EndsWith("-origin", StringComparison.Ordinal)).Select(pair => pair.Value),
    ];

    private static async Task<Tokens> TokensAsync(AppHostRun run)
    {
        using var browser = new Browser(run);
        return await browser.SignInAsync("alice@secureshop.example", run.Ready.Parameters["demo-alice-password"], ShopSystem.EveryScope);
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
