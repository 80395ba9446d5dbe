using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SecureShop.EmbeddedServers;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Starting, stopping, killing and starting again: what whoever sits at the prompt sees of AppHost.</summary>
public sealed class LifetimeTests : IAsyncLifetime
{
    private readonly RunFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await folder.EmptiedAsync();
        folder.Delete();
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task Data_and_tokens_outlive_a_restart_and_processes_do_not_outlive_AppHost()
    {
        string location;
        Tokens tokens;
        var first = await AppHostRun.StartAsync(folder);
        var secrets = first.Place.Secrets;
        await using (first)
        {
            tokens = await TokensAsync(first.Place);
            location = await OrderAsync(first.Place, tokens.Access);
            AssertSecretsAreKept(secrets);

            // Another one on the same folder gives way.
            await using var second = await AppHostRun.RunToEndAsync(folder, []);
            second.AssertEndedWith("Another AppHost uses the data folder");

            await first.InterruptAsync();
            Assert.Equal(0, first.ExitCode);
            await folder.EmptiedAsync();
            var hidden = secrets.Where(secret => !secret.Key.StartsWith("demo-", StringComparison.Ordinal)).Select(secret => secret.Value);
            Assert.DoesNotContain(first.Output, line => hidden.Append(tokens.Access).Any(secret => line.Contains(secret, StringComparison.Ordinal)));
        }

        // Where it was before, since the issuer's name holds its port.
        await using var again = await AppHostRun.StartAsync(folder, "--Ports:Shop", Port(first.Place.Shop.Port), "--Ports:Identity", Port(first.Place.Identity.Port));
        Assert.Equal(secrets, again.Place.Secrets);
        using var alice = new Shopper(Trust.Client(again.Place.CertificatePath, again.Place.Shop), tokens.Access);
        using var read = await alice.GetAsync(location);
        await read.JsonAsync();
        using var app = new Browser(again.Place);
        var refreshed = await app.TokensAsync(new() { ["grant_type"] = "refresh_token", ["client_id"] = "mobile", ["refresh_token"] = tokens.Refresh! });
        Assert.NotEqual(tokens.Refresh, refreshed.Refresh);

        await again.KillAsync();
        await folder.EmptiedAsync();
    }

    [Fact]
    public async Task A_damaged_folder_is_named_in_one_sentence_and_fresh_starts_over()
    {
        var (postgres, secrets) = (Path.Combine(folder.Data, "postgres"), Path.Combine(folder.Data, "secrets.json"));
        Directory.CreateDirectory(Path.Combine(postgres, "global"));
        await File.WriteAllTextAsync(Path.Combine(postgres, "PG_VERSION"), "garbage", Cancellation);
        await AssertRefusedAsync(postgres);
        await File.WriteAllTextAsync(Path.Combine(postgres, "PG_VERSION"), "15", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(postgres, "global", "pg_control"), "garbage", Cancellation);
        await AssertRefusedAsync(postgres);
        await File.WriteAllTextAsync(secrets, "garbage", Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await AssertRefusedAsync(secrets);

        await using var fresh = await AppHostRun.StartAsync(folder, "--fresh", "--no-dashboard");
        Assert.NotEmpty((await TokensAsync(fresh.Place)).Access);
        await fresh.StopAsync();
        Assert.Equal(0, fresh.ExitCode);

        async Task AssertRefusedAsync(string named)
        {
            await using var refused = await AppHostRun.RunToEndAsync(folder, []);
            refused.AssertEndedWith(named);
            Assert.Contains("--fresh", refused.Output.Last(line => line.Length > 0), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_that_never_becomes_healthy_ends_the_run_with_its_last_lines()
    {
        // Identity does not start with a secret that can be guessed.
        await using var run = await AppHostRun.RunToEndAsync(folder, ["--no-dashboard", "--Parameters:demo-client-secret", "short"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Output, line => line.Contains("identity ended", StringComparison.Ordinal) && line.Contains("3 times without becoming healthy", StringComparison.Ordinal));
        Assert.Contains(run.Output, line => line.StartsWith("    ", StringComparison.Ordinal) && line.Contains("Clients__DemoSecret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_busy_port_is_named_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = Port(((IPEndPoint)other.LocalEndpoint).Port);

        await using var run = await AppHostRun.RunToEndAsync(folder, ["--Ports:Shop", port]);

        run.AssertEndedWith($"Port {port} of the shop is taken");
        Assert.Contains("--Ports:Shop", run.Output.Last(line => line.Length > 0), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Data, "postgres")), "A database was made.");
    }

    [Fact]
    public async Task Options_are_explained_and_unknown_ones_refused()
    {
        await using var help = await AppHostRun.RunToEndAsync(folder, ["--help"]);
        await using var unknown = await AppHostRun.RunToEndAsync(folder, ["--frehs"]);

        Assert.Equal(0, help.ExitCode);
        foreach (var option in (string[])["--stores", "--replicas", "--data-dir", "--fresh", "--no-dashboard", "--Ports:", "--Parameters:"])
            Assert.Contains(help.Output, line => line.Contains(option, StringComparison.Ordinal));
        unknown.AssertEndedWith("--frehs is not an option");
    }

    /// <summary>Not on a command line, which everybody may read, and in files that their owner alone reads.</summary>
    private void AssertSecretsAreKept(IReadOnlyDictionary<string, string> secrets)
    {
        var started = LeftProcesses.Of(folder.Path);
        Assert.Contains(started, process => process.Contains("Orders.Api.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(started, process => secrets.Values.Any(secret => process.Contains(secret, StringComparison.Ordinal)));

        var holders = Directory.EnumerateDirectories(folder.Data).Append(folder.Data).SelectMany(Directory.EnumerateFiles)
            .Where(file => Path.GetFileName(file) != "lock")
            .Where(file => secrets.Values.Append("PRIVATE KEY").Any(secret => File.ReadAllText(file).Contains(secret, StringComparison.Ordinal)))
            .ToList();
        Assert.Contains(holders, file => file.EndsWith("secrets.json", StringComparison.Ordinal));
        Assert.DoesNotContain(holders, PrivateFiles.IsShared);
    }

    private static string Port(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<Tokens> TokensAsync(Place place)
    {
        using var browser = new Browser(place);
        return await browser.SignInAsync("alice@secureshop.example", place.Secrets["demo-alice-password"], ShopSystem.EveryScope);
    }

    private static async Task<string> OrderAsync(Place place, string token)
    {
        using var alice = new Shopper(Trust.Client(place.CertificatePath, place.Shop), token);
        using var found = await alice.GetAsync("/api/catalog/products?inStock=true&limit=1");
        using var placed = await alice.OrderAsync((await found.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid());
        await placed.JsonAsync(HttpStatusCode.Created);
        return placed.Headers.Location!.PathAndQuery;
    }
}
