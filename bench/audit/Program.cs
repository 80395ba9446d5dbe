// What the chain costs a security event: the service's own statement into a table that is chained and into one that is not, in turns
// within one run, on a Postgres that this program starts.
//   dotnet run -c Release --project bench/audit [-- ROUNDS]
using System.Globalization;
using SecureShop.Bench.Audit;
using SecureShop.Bench.Load;
using SecureShop.Testing;

var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
using var servers = new TestServers();
await using var postgres = await servers.StartPostgresAsync(CancellationToken.None);
var connection = postgres.ConnectionString("postgres");
var (chained, plain) = (new Trail(connection, chained: true), new Trail(connection, chained: false));
await chained.CreateAsync();
await plain.CreateAsync();

Console.WriteLine("                                us a row, chained   not   ratio");
foreach (var (writers, batches, size) in ((int, int, int)[])[(1, 500, 1), (1, 100, 20), (1, 20, 200), (4, 20, 200)])
{
    // The first round warms up. There and back again: what changes steadily meets both alike.
    for (var round = 0; round <= rounds; round++)
    {
        foreach (var trail in round % 2 == 0 ? (Trail[])[chained, plain] : [plain, chained])
            await trail.RunAsync(writers, batches, size);
        if (round > 0)
            continue;
        chained.Forget();
        plain.Forget();
    }

    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{writers} writer(s), {size,3} rows at once    {chained.PerRow.Average(),10:0.0}   {plain.PerRow.Average(),10:0.0}   {Ratio.Of(chained.PerRow.Zip(plain.PerRow, (mine, theirs) => mine / theirs))}"));
    chained.Forget();
    plain.Forget();
}
