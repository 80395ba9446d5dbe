using System.Diagnostics;
using System.Globalization;

namespace SecureShop.Bench.Soak;

/// <summary>What happens to the parts, one thing after the other, and when: as the dice say.</summary>
internal sealed class Faults(Shop shop, Ledger ledger, Dice dice)
{
    private static readonly string[] Kinds = ["killed", "killed", "frozen", "cut off"];

    /// <summary>How often each happened.</summary>
    public SortedDictionary<string, int> Done { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(int count, Task load)
    {
        Part[] parts = [shop.Orders, shop.Orders, shop.Orders, shop.Catalog, shop.Catalog, shop.Postgres, shop.Postgres, shop.Gateway, shop.Redis];
        for (var number = 1; number <= count; number++)
        {
            await Task.Delay(dice.Between(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(4)));
            if (load.IsFaulted)
                await load;
            var (part, kind, duration) = (dice.Pick(parts), dice.Pick(Kinds), dice.Between(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(4)));
            var began = Stopwatch.GetTimestamp();
            await (kind switch { "killed" => KillAsync(part, duration), "frozen" => part.FreezeAsync(duration), _ => part.CutAsync(duration) });
            var what = $"{part.Name} {kind}";
            Done[what] = Done.GetValueOrDefault(what) + 1;
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Fault {number} of {count}: {what}, back after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; {ledger.Taken.Count} orders taken, {ledger.Cancelled.Count} cancelled, {ledger.Shipped.Count} shipped"));
        }
    }

    private static async Task KillAsync(Part part, TimeSpan duration)
    {
        await part.KillAsync();
        await Task.Delay(duration / 2);
        await part.StartAsync();
    }
}
