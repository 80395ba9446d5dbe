// What a read costs at the catalog beside pgbench, which sends the same statement to the same Postgres over as many connections, and beside
// Kestrel alone, which answers as many bytes of its own: in turns within one run, TLS everywhere, no telemetry exported.
//   dotnet run -c Release --project bench/catalog [-- ROUNDS [SECONDS [CONNECTIONS [PRODUCTS]]]]
using System.Globalization;
using SecureShop.Bench.Catalog;
using SecureShop.Bench.Load;

if (args is [KestrelAlone.Argument])
{
    await KestrelAlone.RunAsync();
    return 0;
}

var (rounds, slice, connections, products) = (Number(0, 6, 200), Number(1, 3, 60), Number(2, 8, 64), Number(3, 600, 1_000_000));
if (rounds == 0 || slice == 0 || connections == 0 || products == 0 || args.Length > 4)
{
    Console.Error.WriteLine("""
        Usage: catalog [ROUNDS [SECONDS [CONNECTIONS [PRODUCTS]]]]
          ROUNDS       how often each read is measured in each way (6)
          SECONDS      how long each time (3)
          CONNECTIONS  of each (8)
          PRODUCTS     how many there are at least (600, with which every shop begins)
        pgbench, which comes with Postgres, has to be on the path.
        """);
    return 2;
}

await using var shop = await Shop.StartAsync(products);
await using var kestrel = await Part.StartAsync([typeof(Part).Assembly.Location, KestrelAlone.Argument], []);
var bare = new HttpSubject("Kestrel alone", kestrel, "/");
List<(HttpSubject Catalog, PgBench? Postgres)> reads =
[
    (new("one product", shop.Catalog, $"/products/{shop.Product}"), shop.Bench(Statements.One)),
    (new("20 newest", shop.Catalog, "/products"), shop.Bench(Statements.Newest)),
    (new("20 of a shelf by price", shop.Catalog, "/products?category=office&sort=price"), shop.Bench(Statements.Shelf)),
    (new("one product, kept", shop.Keeping, $"/products/{shop.Product}"), shop.Bench(Statements.One)),
    (new("20 newest, kept", shop.Keeping, "/products"), shop.Bench(Statements.Newest)),
    (new("a word with few hits, by price", shop.Catalog, $"/products?q={Shop.RareWord}&sort=price"), null),
    (new("a word on the wrong shelf", shop.Catalog, $"/products?q={Shop.ShelfWord}&category=pets"), null),
];

// Just-in-time compilation ends when code has run for a while: all must be through with it.
for (var warmUp = 0; warmUp < 4; warmUp++)
{
    foreach (var http in reads.Select(read => read.Catalog).Append(bare))
        await http.RunAsync(connections, slice, warmUp: true);
}

for (var round = 0; round < rounds; round++)
{
    await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Round {round + 1} of {rounds}"));
    await bare.RunAsync(connections, slice);
    foreach (var (http, postgres) in reads)
    {
        // There and back again: what changes steadily meets both alike.
        if (round % 2 == 0)
            await http.RunAsync(connections, slice);
        if (postgres is not null)
            await postgres.RunAsync(connections, slice);
        if (round % 2 != 0)
            await http.RunAsync(connections, slice);
    }
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{connections} connections, {rounds} rounds of {slice} s each, {shop.Products} products"));
Console.WriteLine("                                requests/s     p50 ms     p95 ms     p99 ms   not 2xx   CPU us a request    pgbench/s   ratio");
Console.WriteLine(bare);
foreach (var (http, postgres) in reads)
    Console.WriteLine($"{http}{(postgres is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {postgres.PerSecond.Average(),12:0}   {Ratio.Of(http.PerSecond.Zip(postgres.PerSecond, (ours, theirs) => ours / theirs))}"))}");
Console.WriteLine($"one product / Kestrel alone: {Ratio.Of(reads[0].Catalog.PerSecond.Zip(bare.PerSecond, (ours, theirs) => ours / theirs))}");
return reads.Sum(read => read.Catalog.Failed) + bare.Failed == 0 ? 0 : 1;

int Number(int index, int otherwise, int most) => args.Length <= index
    ? otherwise
    : int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : 0;
