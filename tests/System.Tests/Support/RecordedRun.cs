using System.Net;
using SecureShop.SystemTests.Journeys;
using SecureShop.SystemTests.Support.Secrets;
using SecureShop.SystemTests.Support.Telemetry;

namespace SecureShop.SystemTests.Support;

/// <summary>
/// A system of its own that people, machines and attackers have used and that has ended since: everything it exported and
/// said, and every secret that passed. Ended, so that what is sent at the very last is here too.
/// </summary>
public sealed class RecordedRun : IAsyncLifetime
{
    private readonly Collector collector = new();
    private readonly AppHostPlace place = AppHostPlace.Create();

    internal SecretLedger Ledger { get; } = new();

    internal IReadOnlyCollection<Export> Exports => collector.Exports;

    internal IReadOnlyList<CollectedSpan> Spans { get; private set; } = [];

    internal IReadOnlyList<string> Console { get; private set; } = [];

    internal IReadOnlyCollection<IPAddress> ClientAddresses { get; private set; } = [];

    /// <summary>Whom the account of the journey is known as.</summary>
    internal string Subject { get; private set; } = "";

    /// <summary>The trace id in the problem that an order got.</summary>
    internal string RefusedOrder { get; private set; } = "";

    /// <summary>The lines that greet whoever started it, and are meant to show a password each.</summary>
    internal IReadOnlyCollection<string> Welcome { get; private set; } = [];

    internal IEnumerable<ExportedItem> Items(string signal) => Exports.Where(export => export.Signal == signal).SelectMany(export => export.Items());

    public async ValueTask InitializeAsync()
    {
        var address = await collector.StartAsync();
        var run = await AppHostRun.StartAsync(place, address);
        await using (run)
        {
            var cast = new Cast(run, Ledger);
            await using var database = new Database(run);
            var newcomer = new Newcomer(cast);
            await newcomer.ArriveAsync();
            Subject = Claims.Subject(newcomer.Tokens.Access);
            var purchase = new Purchase(cast, newcomer.Tokens.Access);
            await purchase.MakeAsync();
            RefusedOrder = purchase.RefusedOrder;
            await purchase.SellAsync();
            await new Machines(cast).AskAsync();
            await newcomer.RaceAsync();
            await new Attacker(cast, newcomer.Tokens.Access).AttackAsync();
            await database.RememberKeptAsync(Ledger);
            await newcomer.LeaveAsync();
            await new Outages(cast, newcomer.Tokens.Access).EndureAsync(database);
            Ledger.RememberGenerated(run);
            ClientAddresses = cast.Addresses;
            Welcome = [.. run.Ready.Parameters.Where(pair => pair.Key.StartsWith("demo-", StringComparison.Ordinal) && pair.Key.EndsWith("-password", StringComparison.Ordinal)).Select(pair => pair.Value)];
            await run.StopAsync();
            Console = [.. run.Output];
        }

        Spans = [.. Items("traces").Select(CollectedSpan.From)];
    }

    public async ValueTask DisposeAsync()
    {
        await collector.DisposeAsync();
        Directory.Delete(place.Directory, recursive: true);
    }
}
