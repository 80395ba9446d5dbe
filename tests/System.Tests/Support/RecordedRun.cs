using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using SecureShop.SystemTests.Journeys;
using SecureShop.SystemTests.Support.Secrets;
using SecureShop.SystemTests.Support.Telemetry;
using SecureShop.Testing;

namespace SecureShop.SystemTests.Support;

/// <summary>
/// A system of its own that people, machines and attackers have used and that has ended since: everything it exported and
/// said, and every secret that passed. Ended, so that what is sent at the very last is here too.
/// </summary>
public sealed class RecordedRun : IAsyncLifetime
{
    private readonly Collector collector = new();

    internal SecretLedger Ledger { get; } = new();

    internal IReadOnlyCollection<Export> Exports => collector.Exports;

    /// <summary>What a customer said about where to send an order,</summary>
    internal SecretLedger Delivered { get; private set; } = new();

    /// <summary>and who they said to be,</summary>
    internal SecretLedger Account { get; private set; } = new();

    /// <summary>and all that the three schemas held afterwards.</summary>
    internal string Dump { get; private set; } = "";

    internal IReadOnlyList<CollectedSpan> Spans { get; private set; } = [];

    internal IReadOnlyList<string> Console { get; private set; } = [];

    internal IReadOnlyCollection<IPAddress> ClientAddresses { get; private set; } = [];

    /// <summary>Whom the account of the journey is known as.</summary>
    internal string Subject { get; private set; } = "";

    /// <summary>The trace id in the problem that an order got.</summary>
    internal string RefusedOrder { get; private set; } = "";

    /// <summary>The lines that greet whoever started it, and are meant to show a secret each.</summary>
    internal IReadOnlyCollection<string> Welcome { get; private set; } = [];

    internal IEnumerable<ExportedItem> Items(string signal) => Exports.Where(export => export.Signal == signal).SelectMany(export => export.Items());

    public async ValueTask InitializeAsync()
    {
        var address = await collector.StartAsync();
        var console = new ConsoleRecorder();
        var run = await ShopRun.StartAsync(
            ["--no-dashboard", "--ASPIRE_ALLOW_UNSECURED_TRANSPORT=true", $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={address.GetLeftPart(UriPartial.Authority)}"],
            builder =>
            {
                // Whoever brings a receiver of telemetry gets all of it: the test host's own address comes first otherwise.
                builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = null;

                // Every trace, however fast they begin: a search of a sample would prove nothing.
                foreach (var project in builder.Resources.OfType<ProjectResource>())
                    builder.CreateResourceBuilder(project).WithEnvironment("Telemetry__TracesPerSecond", "100000");
            });
        await using (run)
        {
            await using var logs = new ResourceLogs(run.App);
            await UseAsync(run);
            Ledger.RememberGenerated(run.Place);
            Welcome = [.. run.Place.Secrets.Where(secret => secret.Key.StartsWith("demo-", StringComparison.Ordinal)).Select(secret => secret.Value)];

            // One after the other, so that everybody's last words find somebody who hears them.
            foreach (var name in (string[])["gateway", "orders", "catalog", "identity", "redis", "postgres"])
            {
                await run.CommandAsync(name, KnownResourceCommands.StopCommand);
                await run.UntilAsync(name, state => KnownResourceStates.TerminalStates.Contains(state.State?.Text));
            }

            await logs.CompleteAsync();
            Console = [.. logs.Lines];
        }

        Console = [.. Console, .. console.Stop()];
        Spans = [.. Items("traces").Select(CollectedSpan.From)];
    }

    public ValueTask DisposeAsync() => collector.DisposeAsync();

    private async Task UseAsync(ShopRun run)
    {
        var cast = new Cast(run, Ledger);
        await using var database = new AdminDatabase((await run.App.GetConnectionStringAsync("shop"))!);
        var newcomer = new Newcomer(cast);
        await newcomer.ArriveAsync();
        Subject = Claims.Subject(newcomer.Tokens.Access);
        var purchase = new Purchase(cast, newcomer.Tokens.Access);
        await purchase.MakeAsync();
        RefusedOrder = purchase.RefusedOrder;
        (Delivered, Account) = (purchase.Delivered, newcomer.Account);
        Dump = await DatabaseDump.OfAsync(database.ConnectionString, TestContext.Current.CancellationToken);
        await purchase.SellAsync();
        await new Machines(cast).AskAsync();
        await newcomer.RaceAsync();
        await new Attacker(cast, newcomer.Tokens.Access).AttackAsync();
        await database.RememberKeptAsync(Ledger);
        var outages = new Outages(cast, newcomer.Tokens.Access);
        await outages.EndureAsync(database);
        await newcomer.LeaveAsync();
        await outages.LoseConnectionsAsync(database);
        ClientAddresses = cast.Addresses;
    }
}
