// Orders under load while their parts are killed, frozen and cut off, one after the other; and then whether all that has to hold holds.
// Or what an order costs that is placed while all is well.
//   dotnet run -c Release --project bench/soak [-- --faults N] [--customers N] [--seed N]
//   dotnet run -c Release --project bench/soak -- placing [ROUNDS]
using System.Diagnostics;
using System.Globalization;
using SecureShop.Bench.Soak;

if (args is ["--help" or "-h" or "-?"])
{
    Console.WriteLine(SoakOptions.Help);
    return 0;
}

if (args is ["placing", .. var more])
{
    if (more is not ([] or [_]) || (more is [var asked] && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var some) || some < 1)))
    {
        Console.Error.WriteLine(SoakOptions.Help);
        return 2;
    }

    await using var measured = await Shop.StartAsync(products: 4, measured: true);
    using var placing = new Placing(measured);
    await placing.RunAsync(more is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 6);
    return 0;
}

if (SoakOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(SoakOptions.Help);
    return 2;
}

await Console.Error.WriteLineAsync("Starting Postgres, Redis, catalog, orders and the gateway");
await using var shop = await Shop.StartAsync(products: 20);
var (ledger, dice, began) = (new Ledger(), new Dice(options.Seed), Stopwatch.GetTimestamp());
using var stopping = new CancellationTokenSource();
var load = Task.WhenAll(Enumerable.Range(0, options.Customers).Select(number => new Customer(shop, ledger, $"customer-{number}", dice.Fork()).RunAsync(stopping.Token)));
var faults = new Faults(shop, ledger, dice.Fork());
await faults.RunAsync(options.Faults, load);

// All is well again for a moment, for whoever waits for an answer.
await Task.Delay(TimeSpan.FromSeconds(2));
await stopping.CancelAsync();
await load;
await Console.Error.WriteLineAsync("Waiting until nothing is left to be done");
var books = new Books(shop, ledger);
await books.SettleAsync();

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Faults} faults in {Stopwatch.GetElapsedTime(began).TotalMinutes:0} min, seed {options.Seed}, {options.Customers} customers:"));
foreach (var (what, count) in faults.Done)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,5} {what}"));
Console.WriteLine($"Orders: {string.Join(", ", await books.StatesAsync())}");
Console.WriteLine($"Answers: {string.Join(", ", ledger.Answers.OrderBy(answer => answer.Key).Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Value} of {(answer.Key == 0 ? "none" : answer.Key)}")))}");
var holds = true;
foreach (var (name, found) in await books.LookAsync())
{
    holds &= found.Count == 0;
    Console.WriteLine($"{(found.Count == 0 ? "holds:         " : "DOES NOT HOLD: ")}{name}");
    foreach (var fault in found.Take(20))
        Console.WriteLine($"  {fault}");
}

return holds ? 0 : 1;
